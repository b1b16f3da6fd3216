#include "golden/files_line.h"

#include <optional>

#include "base/text.h"
#include "golden/table.h"

namespace exportgate::golden {
namespace {

constexpr std::string_view mark = "files of the case: ";
constexpr std::size_t fields_of_a_file = 3;

std::optional<record::IngredientKind> kind_named(std::string_view name) {
    using record::IngredientKind;
    for (const auto kind : {IngredientKind::file, IngredientKind::unknown}) {
        if (name == record::to_string(kind)) return kind;
    }
    return std::nullopt;
}

}  // namespace

std::string print_files(const record::CaseFiles& files) {
    std::string line = std::string(mark) + print_field(files.folder);
    for (const auto& [kind, name, digest] : files.others) {
        line += '\t' + std::string(record::to_string(kind)) + '\t' + print_field(name) + '\t' +
                print_field(digest);
    }
    return line;
}

Result<record::CaseFiles> parse_files(std::string_view line) {
    const Error mistake{"", 0,
                        "found \"" + std::string(line) + "\", expected \"" + std::string(mark) +
                            "\", a digest, and files with theirs",
                        ""};
    if (!line.starts_with(mark)) return tl::unexpected(mistake);
    const auto fields = split(line.substr(mark.size()), '\t');
    if (fields.size() % fields_of_a_file != 1) return tl::unexpected(mistake);
    const auto folder = parse_field(fields.front());
    if (!folder) return tl::unexpected(mistake);
    record::CaseFiles files{*folder, {}};
    for (std::size_t i = 1; i < fields.size(); i += fields_of_a_file) {
        const auto kind = kind_named(fields[i]);
        const auto name = parse_field(fields[i + 1]);
        const auto digest = parse_field(fields[i + 2]);
        if (!kind || !name || !digest) return tl::unexpected(mistake);
        files.others.push_back({*kind, *name, *digest});
    }
    return files;
}

}  // namespace exportgate::golden
