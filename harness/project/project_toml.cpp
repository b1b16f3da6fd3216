// Reads exportgate.toml: what may stand in it, and every way in which it can be wrong.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/files.h"
#include "base/torch_version.h"
#include "environment/layout.h"
#include "matrix/settings_toml.h"
#include "matrix/toml_input.h"
#include "project/project.h"

namespace exportgate::project {

namespace {

constexpr const char* how_to_write_pythonpath =
    "write the folders that hold your packages: pythonpath = [\".\", \"src\"]";

namespace fs = std::filesystem;
using matrix::Entry;
using matrix::Mistakes;

const std::vector<std::string>& keys() {
    static const std::vector<std::string> names{"cases",       "golden",       "recordings",
                                                "environment", "environments", "pythonpath",
                                                "with",        "consumers",    "consumer_command"};
    return names;
}

const std::vector<std::string>& environment_keys() {
    static const std::vector<std::string> names{"torch", "with", "python", "venv_from"};
    return names;
}

class ProjectReader {
  public:
    ProjectReader(const fs::path& file, Mistakes& mistakes)
        : folder_(file.parent_path()), mistakes_(mistakes) {
        project_.file = file;
        project_.recordings = "recordings";
        for (fs::path* path :
             {&project_.cases, &project_.golden, &project_.recordings, &project_.state})
            *path = from_here(*path);
    }

    Project read(const toml::table& root) {
        for (const Entry& entry : matrix::entries_of(root)) {
            if (entry.name == "cases") {
                read_folder(entry, project_.cases);
            } else if (entry.name == "golden") {
                read_folder(entry, project_.golden);
            } else if (entry.name == "recordings") {
                read_folder(entry, project_.recordings);
            } else if (entry.name == "pythonpath") {
                read_pythonpath(entry);
            } else if (entry.name == "with") {
                read_requirements(entry, project_.with);
            } else if (entry.name == "environment") {
                read_default_environment(entry);
            } else if (entry.name == "environments") {
                read_environments(entry);
            } else if (entry.name == "consumers") {
                project_.consumers = matrix::read_consumers(entry, mistakes_);
            } else if (entry.name == "consumer_command") {
                read_consumer_command(entry);
            } else {
                mistakes_.add(entry.line, fmt::format("unknown key \"{}\"", entry.name),
                              matrix::suggestion(entry.name, keys()));
            }
        }
        for (DeclaredEnvironment& each : project_.environments)
            inherit(each);
        return std::move(project_);
    }

  private:
    /// What the project asks for stands first, without the packages that the environment asks for
    /// in its own way.
    void inherit(DeclaredEnvironment& one) const {
        std::vector<std::string> all;
        for (const std::string& text : project_.with) {
            const bool is_its_own =
                std::any_of(one.with.begin(), one.with.end(), [&](const std::string& own) {
                    return distribution_of(own) == distribution_of(text);
                });
            if (!is_its_own) all.push_back(text);
        }
        all.insert(all.end(), one.with.begin(), one.with.end());
        one.with = std::move(all);
    }

    /// As pip compares names: "My_Package" of "My_Package[extra]>=2" is "my-package".
    static std::string distribution_of(const std::string& requirement) {
        std::string name;
        for (const char c : requirement) {
            const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
            if (!is_letter && c != '-' && c != '_' && c != '.') break;
            if (is_letter) {
                name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            } else if (!name.ends_with('-')) {
                name += '-';
            }
        }
        return name;
    }

    /// A path of the file as it is called in the current folder.
    fs::path from_here(const fs::path& path) const {
        return (folder_ / path).lexically_normal();
    }

    /// "" and a mistake where it is not a string, or an empty one.
    std::string read_text(const Entry& entry) {
        const bool is_string = entry.value->is_string();
        const std::string text = matrix::read_string(entry, mistakes_);
        if (is_string && text.empty())
            mistakes_.add(entry.line, fmt::format("{} is empty", entry.name),
                          "leave the line away for what is usual");
        return text;
    }

    void read_folder(const Entry& entry, fs::path& folder) {
        const std::string text = read_text(entry);
        if (!text.empty()) folder = from_here(text);
    }

    void read_pythonpath(const Entry& entry) {
        const toml::array* array = matrix::read_array(entry, mistakes_);
        if (array == nullptr) return;
        for (const toml::node& node : *array) {
            const auto* text = node.as_string();
            const int line = matrix::line_of(node);
            if (text == nullptr) {
                mistakes_.add(line, fmt::format("pythonpath holds {}", matrix::kind_of(node)),
                              how_to_write_pythonpath);
            } else if (is_usable(text->get(), line)) {
                project_.pythonpath.push_back(from_here(text->get()));
            }
        }
    }

    /// Whether Python can look for packages in a folder, and still finds the environment's torch.
    bool is_usable(const std::string& name, int line) {
        const fs::path folder = from_here(name);
        std::error_code unknown;
        if (!fs::is_directory(folder, unknown)) {
            mistakes_.add(line, fmt::format("pythonpath names \"{}\", which is no folder", name),
                          how_to_write_pythonpath);
            return false;
        }
        if (fs::absolute(folder, unknown).string().find(':') != std::string::npos) {
            mistakes_.add(line,
                          fmt::format("pythonpath names \"{}\", and Python takes the colon in its "
                                      "path for the end of a folder's name",
                                      name),
                          "give the folder another name");
            return false;
        }
        for (const char* module : {"torch.py", "torch/__init__.py"}) {
            if (!fs::exists(folder / module, unknown)) continue;
            mistakes_.add(
                line, fmt::format("pythonpath names \"{}\", whose {} hides torch", name, module),
                "give the module another name");
            return false;
        }
        return true;
    }

    /// What a shell would take for a name on the PATH stays one.
    std::string read_interpreter(const Entry& entry) {
        const std::string text = read_text(entry);
        return text.find('/') == std::string::npos ? text : from_here(text).string();
    }

    void check_name(const std::string& name, int line) {
        if (const Result<void> fits = environment::check_name(name); !fits)
            mistakes_.add(line, fits.error().what, fits.error().remedy);
    }

    void read_default_environment(const Entry& entry) {
        if (entry.value->is_table()) {
            mistakes_.add(entry.line, "environment is a table, expected the name of one",
                          "did you mean [environments.NAME]?");
            return;
        }
        const std::string name = read_text(entry);
        if (name.empty()) return;
        check_name(name, entry.line);
        project_.environment = name;
        project_.environment_line = entry.line;
    }

    void read_environments(const Entry& entry) {
        const toml::table* table = entry.value->as_table();
        if (table == nullptr) {
            mistakes_.add(entry.line,
                          fmt::format("environments is {}, expected a table for each environment",
                                      matrix::kind_of(*entry.value)),
                          "write [environments.NAME] and torch = \"...\" below");
            return;
        }
        for (const Entry& each : matrix::entries_of(*table))
            read_environment(each);
    }

    void read_environment(const Entry& entry) {
        const toml::table* table = entry.value->as_table();
        if (table == nullptr) {
            mistakes_.add(
                entry.line,
                fmt::format("environments.{} is {}, expected a table", entry.name,
                            matrix::kind_of(*entry.value)),
                fmt::format("write [environments.{}] and torch = \"...\" below", entry.name));
            return;
        }
        DeclaredEnvironment one;
        one.name = entry.name;
        one.line = entry.line;
        check_name(one.name, one.line);
        for (const Entry& each : matrix::entries_of(*table))
            read_key(each, one);
        check_torch(one, table->contains("torch") || table->contains("python"));
        project_.environments.push_back(std::move(one));
    }

    void read_key(const Entry& entry, DeclaredEnvironment& one) {
        if (entry.name == "torch") {
            one.torch = read_text(entry);
            if (one.torch.empty()) return;
            if (const auto version = TorchVersion::parse(one.torch); !version)
                mistakes_.add(entry.line, version.error().what, version.error().remedy);
        } else if (entry.name == "with") {
            read_requirements(entry, one.with);
        } else if (entry.name == "python") {
            one.python = read_interpreter(entry);
        } else if (entry.name == "venv_from") {
            one.venv_from = read_interpreter(entry);
        } else {
            // What a person adds below the last line of a file belongs to the table above it.
            const bool is_above = std::count(keys().begin(), keys().end(), entry.name) > 0;
            mistakes_.add(
                entry.line,
                fmt::format("unknown key \"{}\" in [environments.{}]", entry.name, one.name),
                is_above ? "move it above the first line like [environments.NAME]"
                         : matrix::suggestion(entry.name, environment_keys()));
        }
    }

    void read_consumer_command(const Entry& entry) {
        const toml::array* array = matrix::read_array(entry, mistakes_);
        if (array == nullptr) return;
        for (const toml::node& node : *array) {
            if (const auto* text = node.as_string(); text != nullptr && !text->get().empty()) {
                const bool is_path = text->get().find('/') != std::string::npos;
                project_.consumer_command.push_back(
                    is_path ? fs::absolute(from_here(text->get())).lexically_normal().string()
                            : text->get());
            } else {
                mistakes_.add(matrix::line_of(node),
                              "consumer_command holds what is no text, or an empty one",
                              "write consumer_command = [\"{python}\", \"./my_consumer.py\"]");
            }
        }
        if (array->empty())
            mistakes_.add(entry.line, "consumer_command is empty",
                          "name a program, or leave it away");
    }

    void read_requirements(const Entry& entry, std::vector<std::string>& with) {
        const toml::array* array = matrix::read_array(entry, mistakes_);
        if (array == nullptr) return;
        for (const toml::node& node : *array) {
            const auto* text = node.as_string();
            if (text == nullptr) {
                mistakes_.add(matrix::line_of(node), fmt::format("with holds {}, expected strings",
                                                                 matrix::kind_of(node)));
            } else if (text->get().empty() || text->get().starts_with('-')) {
                mistakes_.add(
                    matrix::line_of(node),
                    fmt::format("with holds \"{}\", which is no requirement", text->get()),
                    "write what pip installs: \"transformers==5.23.0\"; pip's options belong into "
                    "its own configuration (pip.conf, PIP_...)");
            } else {
                with.push_back(text->get());
            }
        }
    }

    void check_torch(const DeclaredEnvironment& one, bool says_which) {
        const bool is_release = TorchVersion::parse(one.name).has_value();
        if (!one.python.empty() && (!one.torch.empty() || !one.venv_from.empty())) {
            mistakes_.add(one.line,
                          fmt::format("[environments.{}] has python, an interpreter that has torch "
                                      "already, and {}",
                                      one.name, one.torch.empty() ? "venv_from" : "torch"),
                          "leave one of them away");
        } else if (!says_which && !is_release) {
            mistakes_.add(
                one.line, fmt::format("[environments.{}] does not say which torch", one.name),
                "write torch = \"2.13.0\", or python = \"/an/interpreter/that/has/torch\"");
        } else if (is_release && TorchVersion::parse(one.torch) && !is_torch(one.name, one.torch)) {
            mistakes_.add(one.line,
                          fmt::format("an environment named \"{}\" cannot have torch {}", one.name,
                                      one.torch),
                          "name it after its torch, or by a word");
        }
    }

    fs::path folder_;  // of the file, from the current one: "", ".."
    Mistakes& mistakes_;
    Project project_;
};

}  // namespace

Results<Project> read_project(const fs::path& file) {
    const Result<std::string> text = read_file(file);
    if (!text) return tl::unexpected(Errors{text.error()});
    Mistakes mistakes(file.string());
    toml::table root;
    try {
        root = toml::parse(*text);
    } catch (const toml::parse_error& error) {
        mistakes.add(static_cast<int>(error.source().begin.line),
                     "not TOML: " + std::string(error.description()));
        return tl::unexpected(mistakes.take());
    }
    Project project = ProjectReader(file, mistakes).read(root);
    if (!mistakes.none()) return tl::unexpected(mistakes.take());
    return project;
}

}  // namespace exportgate::project
