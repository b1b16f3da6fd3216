#include "run/environment_digest.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/files.h"
#include "base/text.h"

namespace exportgate::run {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view path_file = "python_path";

/// How Python finds modules, and how it runs them.
constexpr std::array<std::string_view, 9> of_python{
    "PYTHONPATH",       "PYTHONHOME",     "PYTHONOPTIMIZE",   "PYTHONHASHSEED", "PYTHONSAFEPATH",
    "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONPLATLIBDIR", "PYTHONWARNINGS"};
constexpr std::array<std::string_view, 5> prefixes_of_torch{"TORCH", "PYTORCH", "FX_GRAPH_",
                                                            "AOT_INDUCTOR_", "ATEN_"};
/// Inductor asks for it when it is imported.
constexpr std::string_view compiler = "CXX";

bool steers(std::string_view name) {
    return name == compiler ||
           std::find(of_python.begin(), of_python.end(), name) != of_python.end() ||
           std::any_of(prefixes_of_torch.begin(), prefixes_of_torch.end(),
                       [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::string variables() {
    std::vector<std::string> set;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view variable = *each;
        if (steers(variable.substr(0, variable.find('=')))) set.emplace_back(variable);
    }
    std::sort(set.begin(), set.end());
    return join(set, "\n");
}

/// Headers and byte code of a wheel make no cell another one.
bool is_read_by_python(std::string_view path) {
    return path.find("/include/") == std::string_view::npos && !path.ends_with(".pyc");
}

class Digest {
  public:
    explicit Digest(FileTime since) : since_(since) {}

    void add_folder(const fs::path& folder) {
        all_ += fmt::format("folder {}\n{}\n", folder.string(), importable_names(folder));
        add_stamp(folder / "os.py");  // where this is the standard library: the interpreter's
        std::vector<fs::path> entries;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored))
            entries.push_back(entry.path());
        std::sort(entries.begin(), entries.end());
        for (const fs::path& entry : entries) {
            const std::string name = entry.filename().string();
            if (name.ends_with(".pth")) add_content(entry);
            if (name.ends_with(".egg-info")) all_ += name + "\n";
            if (name.ends_with(".dist-info")) add_wheel(folder, entry);
        }
    }

    std::string text() const {
        return later_ ? "" : digest(all_ + variables());
    }

  private:
    void add_content(const fs::path& file) {
        const Result<std::string> content = read_file(file);
        all_ += fmt::format("{} {}\n", file.filename().string(),
                            content ? digest(*content) : "cannot be read");
        add_stamp(file);
    }

    void add_stamp(const fs::path& file) {
        const std::optional<Stamp> stamp = stamp_of(file);
        all_ += stamp ? stamp->text : "-";
        all_ += '\n';
        later_ = later_ || (stamp && stamp->changed > since_);
    }

    /// RECORD is a table of files: path,hash,size.
    void add_wheel(const fs::path& folder, const fs::path& info) {
        all_ += info.filename().string() + "\n";
        add_stamp(info / "METADATA");
        const Result<std::string> record = read_file(info / "RECORD");
        if (!record) return;
        all_ += digest(*record) + "\n";
        for (const std::string_view line : split(*record, '\n')) {
            const std::string_view path = line.substr(0, line.find(','));
            if (!path.empty() && is_read_by_python(path)) add_stamp(folder / path);
        }
    }

    FileTime since_;
    bool later_ = false;
    std::string all_;
};

}  // namespace

void keep_python_path(const fs::path& worker, const std::vector<std::string>& folders) {
    const fs::path file = worker.parent_path() / path_file;
    const std::string text = join(folders, "\n") + "\n";
    const Result<std::string> before = read_file(file);
    if (before && *before == text) return;
    std::error_code ignored;
    if (!write_file(file, text)) fs::remove(file, ignored);
}

std::string environment_digest(const fs::path& worker, FileTime since) {
    const Result<std::string> folders = read_file(worker.parent_path() / path_file);
    if (!folders) return "";
    Digest digest(since);
    for (const std::string_view folder : split(*folders, '\n')) {
        if (!folder.empty()) digest.add_folder(folder);
    }
    return digest.text();
}

}  // namespace exportgate::run
