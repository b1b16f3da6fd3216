#include "environment/add.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "base/torch_version.h"
#include "environment/build.h"
#include "environment/lock.h"
#include "environment/sources.h"
#include "environment/tools.h"
#include "environment/venv.h"
#include "run/ask.h"

namespace exportgate::environment {

namespace {

namespace fs = std::filesystem;

/// Removes what was made, unless it was finished. An interpreter that was named may lie in the
/// folder too: then only what `env add` itself made goes.
class Unfinished {
  public:
    Unfinished(Layout places, bool own_venv) : places_(std::move(places)), own_venv_(own_venv) {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished() {
        if (finished_) return;
        std::error_code ignored;
        fs::remove_all(own_venv_ ? places_.folder : places_.worker_folder, ignored);
        fs::remove(places_.folder, ignored);  // where nothing else is in it
    }
    void finish() {
        finished_ = true;
    }

  private:
    Layout places_;
    bool own_venv_;
    bool finished_ = false;
};

fs::path whole_path(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

bool is_below(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

/// The interpreter as a path: a bare name is looked up by the shell.
Result<fs::path> find_interpreter(Commands& commands, const std::string& python) {
    if (python.find('/') != std::string::npos) return whole_path(python);
    const Result<Finished> found =
        commands.run("looking for " + python, {"/bin/sh", "-c", "command -v -- \"$0\"", python});
    if (!found) return tl::unexpected(found.error());
    const std::string path = found->output.substr(0, found->output.find('\n'));
    if (found->ending != Ending::good || path.empty()) {
        return tl::unexpected(Error{python, 0, "there is no such interpreter",
                                    "name one by its path: --python /path/to/python"});
    }
    return whole_path(path);
}

/// Whoever reads "2.10.0" takes it for that torch, and so does `upgrade`.
Result<void> check_name_says_torch(const std::string& name, const std::string& torch) {
    if (!TorchVersion::parse(name) || is_torch(name, torch)) return {};
    return tl::unexpected(
        Error{"", 0, fmt::format("an environment named \"{}\" cannot have torch {}", name, torch),
              "add it under another name: that of its torch, or a word"});
}

/// Builds the worker for `installed.python` and asks it; fills what is known only then.
Result<void> make_worker(Commands& commands, Installed& installed, const fs::path& worker_sources,
                         const Watch& watch) {
    const Result<Probed> probed = probe(commands, installed.python, worker_sources);
    if (!probed) return tl::unexpected(probed.error());
    const std::string name = installed.facts.name;
    if (Result<void> fits = check_name_says_torch(name, probed->torch_version); !fits) return fits;
    const Result<std::string> sources = sources_digest(worker_sources);
    if (!sources) return tl::unexpected(sources.error());
    installed.sources_digest = *sources;

    Result<std::map<std::string, std::string>> natives =
        build_worker(commands, installed.places, installed.python, worker_sources, installed.cases);
    if (!natives) return tl::unexpected(natives.error());
    installed.natives = std::move(*natives);

    if (watch) watch("asking the worker", 0, "importing torch");
    Result<record::Environment> answer = run::ask(installed.places.worker);
    if (!answer) return tl::unexpected(answer.error());
    installed.facts = std::move(*answer);
    installed.facts.name = name;
    return {};
}

Result<Added> refresh(Commands& commands, Installed installed, const fs::path& cases,
                      const fs::path& worker_sources, const Watch& watch) {
    if (const std::optional<Obstacle> lost = lost_python(installed)) {
        return tl::unexpected(Error{
            installed.places.folder.string(), 0,
            fmt::format("environment \"{}\": {}", installed.facts.name, lost->what), lost->remedy});
    }
    if (!cases.empty()) installed.cases = whole_path(cases);
    bool complete = obstacles(installed, worker_sources, native_cases(installed.cases)).empty();
    for (const auto& [case_name, obstacle] : installed.natives)
        complete = complete && obstacle.empty();
    if (complete) return Added{std::move(installed), true};
    // Until the worker answers again it counts as outdated, whatever becomes of this attempt.
    installed.sources_digest.clear();
    if (Result<void> saved = save(installed); !saved) return tl::unexpected(saved.error());
    if (Result<void> made = make_worker(commands, installed, worker_sources, watch); !made) {
        return tl::unexpected(made.error());
    }
    if (Result<void> saved = save(installed); !saved) return tl::unexpected(saved.error());
    return Added{std::move(installed), false};
}

}  // namespace

std::string difference(const Installed& installed, const Request& request) {
    const std::optional<std::string>& python = request.python;
    // An interpreter that was named may have just the torch that is asked for.
    const bool has_torch =
        request.torch.empty() || is_torch(request.torch, installed.facts.torch_build);
    if (python && request.with && !request.with->empty()) {
        if (!installed.own_venv) return fmt::format("is the Python {}", installed.python.string());
        if (installed.stands_on.empty())
            return fmt::format("has torch {} of its own", installed.facts.torch_build);
        if (installed.stands_on != *python)
            return fmt::format("stands on the Python {}", installed.stands_on.string());
    } else if (python) {
        if (installed.python != *python)
            return installed.stands_on.empty()
                       ? fmt::format("is the Python {}", installed.python.string())
                       : fmt::format("stands on the Python {}, with packages of its own",
                                     installed.stands_on.string());
    } else if (!has_torch) {
        return fmt::format("has torch {}", installed.facts.torch_build);
    }
    const bool knows_with = installed.with.has_value() || !installed.own_venv;
    const std::vector<std::string> with = installed.with.value_or(std::vector<std::string>{});
    if (request.with && knows_with && *request.with != with) {
        return with.empty() ? "was added without further requirements"
                            : "was added with " + join(with, " ");
    }
    return {};
}

Result<Added> add(const fs::path& root, const Request& request, const fs::path& worker_sources,
                  const Watch& watch) {
    if (Result<void> fits = check_name(request.name); !fits) return tl::unexpected(fits.error());
    if (!request.python) {
        if (Result<void> fits = check_name_says_torch(request.name, request.torch); !fits)
            return tl::unexpected(fits.error());
    }
    const Layout places = layout(whole_path(root), request.name);
    const Result<Lock> lock = Lock::take(places.lock);
    if (!lock) return tl::unexpected(lock.error());
    Result<Commands> commands = Commands::with_log(places.log, watch);
    if (!commands) return tl::unexpected(commands.error());

    std::optional<fs::path> python;
    Request asked = request;
    if (request.python) {
        const Result<fs::path> found = find_interpreter(*commands, *request.python);
        if (!found) return tl::unexpected(found.error());
        python = *found;
        asked.python = python->string();
    }
    const bool over = request.python && request.with && !request.with->empty();
    if (over && is_below(*python, places.folder)) {
        return tl::unexpected(Error{python->string(), 0,
                                    fmt::format("lies in the folder of the environment \"{}\" that "
                                                "is to stand on it",
                                                request.name),
                                    "choose another name"});
    }
    if (fs::exists(places.description)) {
        Result<Installed> there = load(whole_path(root), request.name);
        if (!there) return tl::unexpected(there.error());
        if (const std::string other = difference(*there, asked); !other.empty()) {
            return tl::unexpected(Error{
                places.folder.string(), 0,
                fmt::format("environment \"{}\" is there already, and {}", request.name, other),
                fmt::format("`exportgate env remove {}` first, or choose another name",
                            request.name)});
        }
        return refresh(*commands, std::move(*there), request.cases, worker_sources, watch);
    }

    const bool own_venv = over || !python;
    Unfinished unfinished(places, own_venv);
    std::error_code failure;
    if (own_venv) fs::remove_all(places.folder, failure);  // what an earlier, killed, add left
    fs::create_directories(places.folder, failure);
    if (failure) {
        return tl::unexpected(Error{places.folder.string(), 0,
                                    "cannot be made: " + failure.message(),
                                    "name another folder with --environments"});
    }
    Installed installed;
    installed.places = places;
    installed.facts.name = request.name;
    installed.own_venv = own_venv;
    installed.python = own_venv ? places.venv_python : *python;
    if (over) installed.stands_on = *python;
    installed.with = request.with.value_or(std::vector<std::string>{});
    if (!request.cases.empty()) installed.cases = whole_path(request.cases);
    if (own_venv) {
        const Result<Generator> tools =
            find_tools(*commands, worker_sources, places.worker_folder / "tools");
        if (!tools) return tl::unexpected(tools.error());
        if (Result<void> made =
                over ? make_venv_over(*commands, places, *python, *request.with, worker_sources)
                     : make_venv(*commands, places, request, worker_sources);
            !made)
            return tl::unexpected(made.error());
    }
    if (Result<void> made = make_worker(*commands, installed, worker_sources, watch); !made)
        return tl::unexpected(made.error());
    if (Result<void> saved = save(installed); !saved) return tl::unexpected(saved.error());
    unfinished.finish();
    return Added{std::move(installed), false};
}

Result<Added> update(const fs::path& root, const std::string& name, const fs::path& cases,
                     const fs::path& worker_sources, const Watch& watch) {
    Result<Installed> installed = load(whole_path(root), name);
    if (!installed) return tl::unexpected(installed.error());
    const Result<Lock> lock = Lock::take(installed->places.lock);
    if (!lock) return tl::unexpected(lock.error());
    Result<Commands> commands = Commands::with_log(installed->places.log, watch);
    if (!commands) return tl::unexpected(commands.error());
    return refresh(*commands, std::move(*installed), cases, worker_sources, watch);
}

Result<void> prepare_consumers(const fs::path& root, const std::string& name,
                               const std::vector<std::string>& consumers, const Watch& watch) {
    if (std::find(consumers.begin(), consumers.end(), "aoti") == consumers.end()) return {};
    const Result<Installed> installed = load(whole_path(root), name);
    if (!installed) return tl::unexpected(installed.error());
    const Result<Lock> lock = Lock::take(installed->places.lock);
    if (!lock) return tl::unexpected(lock.error());
    // A log of its own: that of `env add` says how the environment was made.
    Result<Commands> commands =
        Commands::with_log(installed->places.worker_folder / "aoti.log", watch);
    if (!commands) return tl::unexpected(commands.error());
    return build_aoti_runner(*commands, installed->places);
}

Result<std::uintmax_t> remove(const fs::path& root, const std::string& name) {
    if (Result<void> fits = check_name(name); !fits) return tl::unexpected(fits.error());
    const Layout places = layout(whole_path(root), name);
    std::error_code failure;
    const fs::file_status status = fs::symlink_status(places.folder, failure);
    if (!fs::exists(status)) {
        const std::vector<std::string> known = names(root);
        return tl::unexpected(
            Error{root.string(), 0, fmt::format("there is no environment \"{}\"", name),
                  known.empty() ? "there is none at all" : "there are: " + join(known, ", ")});
    }
    const Result<Lock> lock = Lock::take(places.lock);
    if (!lock) return tl::unexpected(lock.error());
    // A link goes, and what it leads to is somebody else's.
    const bool is_link = fs::is_symlink(status);
    const std::uintmax_t bytes = is_link ? 0 : size_on_disk(places.folder);
    if (!is_link) {
        // First: what is half-removed counts as half-made.
        fs::remove(places.description, failure);
        fs::remove_all(places.folder, failure);
    } else {
        fs::remove(places.folder, failure);
    }
    if (failure) {
        return tl::unexpected(Error{places.folder.string(), 0,
                                    "cannot be removed: " + failure.message(),
                                    "remove the folder by hand"});
    }
    fs::remove(places.log, failure);
    return bytes;
}

}  // namespace exportgate::environment
