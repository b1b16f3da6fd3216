#include "archive/saved_program.h"

#include <fmt/format.h>

#include "archive/json_place.h"
#include "archive/program_text.h"
#include "base/text.h"

namespace exportgate::archive {
namespace {

constexpr std::uint64_t most_document = 512u << 20;
constexpr std::uint64_t most_words = 4096;
constexpr std::int64_t known_schema = 8;  // the major version, from 2.5 to 2.15
constexpr std::string_view old_document = "serialized_exported_program.json";

/// The only folder at the top; empty where there are several.
std::string root_of(const ZipFile& file) {
    std::string root;
    for (const Entry& entry : file.entries()) {
        const std::string top = entry.name.substr(0, entry.name.find('/') + 1);
        if (top.empty() || (!root.empty() && top != root)) return {};
        root = top;
    }
    return root;
}

bool has_below(const ZipFile& file, std::string_view folder) {
    for (const Entry& entry : file.entries())
        if (entry.name.starts_with(folder)) return true;
    return false;
}

Error no_program(const ZipFile& file, const std::string& root) {
    std::string what = "holds no program of torch.export.save";
    if (has_below(file, root + "data/aotinductor/"))
        what = "is an AOTInductor package: compiled code, without a program that can be compared";
    else if (file.find(root + "constants.pkl") != nullptr || has_below(file, root + "code/"))
        what = "is a TorchScript file";
    else if (file.find(root + "data.pkl") != nullptr)
        what = "is a file of torch.save (a state_dict, or another object)";
    return {file.shown(), 0, what, "diff compares what torch.export.save writes"};
}

Result<void> check_schema(const nlohmann::json& document, const std::string& shown) {
    FirstMistake mistake;
    const Place root(document, "", mistake);
    const std::int64_t major = root.at("schema_version").at("major").integer();
    if (!mistake.none()) return tl::unexpected(Error{shown, 0, mistake.what(), {}});
    if (major == known_schema) return {};
    return tl::unexpected(Error{
        shown, 0,
        fmt::format("has version {} of torch's schema, and only {} is known", major, known_schema),
        "save it with a torch from 2.6 to 2.15, or compare prints, str(ep)"});
}

std::string shown_of(const ZipFile& file, const Entry& entry) {
    return file.shown() + ":" + entry.name;
}

Result<SavedModel> read_document(const ZipFile& file, const Entry& entry) {
    const std::string shown = shown_of(file, entry);
    const auto text = file.read(entry, most_document);
    if (!text) return tl::unexpected(text.error());
    auto document = parse_document(*text, shown);
    if (!document) return tl::unexpected(document.error());
    if (const auto known = check_schema(*document, shown); !known)
        return tl::unexpected(known.error());
    SavedModel model;
    model.document = std::move(*document);
    return model;
}

/// The graph in canonical form. What the model carries is known by then.
Result<void> read_graph(const ZipFile& file, const Entry& entry, SavedModel& model) {
    const std::string shown = shown_of(file, entry);
    FirstMistake mistake;
    const std::string print = program_text(Place(model.document, "", mistake));
    if (!mistake.none()) {
        return tl::unexpected(Error{shown, 0, "a program that is not understood: " + mistake.what(),
                                    "compare prints, str(ep)"});
    }
    graph::SharedStorage shared;
    for (Sharing& one : sharing(model.carried))
        shared.push_back(std::move(one.names));
    auto canonical = graph::canonicalise(print, shown, {}, {}, shared);
    if (!canonical) {
        return tl::unexpected(Error{shown, 0,
                                    "a program that is not understood: " + canonical.error().what,
                                    "compare prints, str(ep)"});
    }
    model.canonical = std::move(*canonical);
    return {};
}

/// A file of torch.save, or a list of entries: whichever is there.
void add_carried(const std::shared_ptr<const ZipFile>& file, const std::string& saved,
                 const std::string& listed, SavedModel& model) {
    Result<void> added;
    const Entry* entry = file->find(listed);
    if (entry != nullptr) {
        added = add_listed_tensors(file, *entry, model.carried, model.unknown_of_carried);
    } else if (entry = file->find(saved); entry != nullptr) {
        added = add_saved_tensors(file, *entry, model.carried);
    } else {
        added = tl::unexpected(Error{file->shown(), 0, "holds no " + saved, {}});
    }
    if (!added && model.carried_unreadable.empty())
        model.carried_unreadable = to_string(added.error());
}

Result<SavedProgram> read_old(SavedProgram program) {
    const std::shared_ptr<const ZipFile>& file = program.file;
    program.layout = "one document at the top, as torch 2.5 to 2.7 writes it";
    const Entry& document = *file->find(old_document);
    auto model = read_document(*file, document);
    if (!model) return tl::unexpected(model.error());
    add_carried(file, "serialized_state_dict.pt", "", *model);
    add_carried(file, "serialized_constants.pt", "", *model);
    if (const auto read = read_graph(*file, document, *model); !read)
        return tl::unexpected(read.error());
    for (const Entry& entry : file->entries()) {
        if (entry.name == "serialized_example_inputs.pt")
            model->example_inputs = entry;
        else if (entry.name != "version" && !entry.name.starts_with("serialized_"))
            program.others.emplace(entry.name, entry);
    }
    program.models.emplace("model", std::move(*model));
    return program;
}

/// "X/models/NAME.json" -> NAME; empty where it is something else.
std::string model_of(const std::string& entry, const std::string& root) {
    const std::string folder = root + "models/";
    if (!entry.starts_with(folder) || !entry.ends_with(".json")) return {};
    return entry.substr(folder.size(), entry.size() - folder.size() - 5);
}

Result<SavedProgram> read_new(SavedProgram program, const std::string& root) {
    const std::shared_ptr<const ZipFile>& file = program.file;
    if (const Entry* order = file->find(root + "byteorder"); order != nullptr) {
        const auto words = file->read(*order, most_words);
        if (!words) return tl::unexpected(words.error());
        if (*words != "little")
            return tl::unexpected(Error{file->shown(), 0, "its bytes are not little endian", {}});
    }
    program.layout = "models/ and data/ below one folder, as torch from 2.8 on writes it";
    for (const Entry& entry : file->entries()) {
        const std::string name = model_of(entry.name, root);
        if (name.empty()) continue;
        auto model = read_document(*file, entry);
        if (!model) return tl::unexpected(model.error());
        const std::string data = root + "data/";
        add_carried(file, data + "weights/" + name + ".pt",
                    data + "weights/" + name + "_weights_config.json", *model);
        add_carried(file, data + "constants/" + name + ".pt",
                    data + "constants/" + name + "_constants_config.json", *model);
        if (const auto read = read_graph(*file, entry, *model); !read)
            return tl::unexpected(read.error());
        if (const Entry* inputs = file->find(data + "sample_inputs/" + name + ".pt"))
            model->example_inputs = *inputs;
        program.models.emplace(name, std::move(*model));
    }
    for (const Entry& entry : file->entries()) {
        const std::string below = entry.name.substr(root.size());
        const bool is_known = below.starts_with("models/") || below.starts_with("data/weights/") ||
                              below.starts_with("data/constants/") ||
                              below.starts_with("data/sample_inputs/") ||
                              below == ".data/serialization_id" || below == "byteorder";
        if (!is_known) program.others.emplace(below, entry);
    }
    return program;
}

}  // namespace

Result<SavedProgram> read_saved_program(const std::string& path) {
    auto file = ZipFile::open(path);
    if (!file) return tl::unexpected(file.error());
    SavedProgram program;
    program.file = std::make_shared<const ZipFile>(std::move(*file));
    if (program.file->find(old_document) != nullptr) return read_old(std::move(program));
    const std::string root = root_of(*program.file);
    for (const Entry& entry : program.file->entries())
        if (!model_of(entry.name, root).empty()) return read_new(std::move(program), root);
    return tl::unexpected(no_program(*program.file, root));
}

}  // namespace exportgate::archive
