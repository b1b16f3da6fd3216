#include "environment/add.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "base/torch_version.h"
#include "environment/build.h"
#include "environment/lock.h"
#include "environment/sources.h"
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

/// The Python that a venv is made from: the named one, else the first on this machine that fits.
Result<std::string> base_python(Commands& commands, const Request& request,
                                const fs::path& worker_sources) {
    const std::string finder = (worker_sources / "find-python").string();
    std::vector<std::string> command{"/bin/bash", finder};
    if (request.venv_from) command.push_back(*request.venv_from);
    const Result<Finished> found =
        commands.run("looking for a Python that can be embedded", command);
    if (!found) return tl::unexpected(found.error());
    if (found->ending != Ending::good) {
        std::string reason = found->output;
        while (!reason.empty() && reason.back() == '\n')
            reason.pop_back();
        return tl::unexpected(Error{"", 0, reason, ""});
    }
    return found->output.substr(0, found->output.find('\n'));
}

Result<void> make_venv(Commands& commands, const Layout& places, const Request& request,
                       const fs::path& worker_sources) {
    const Result<std::string> python = base_python(commands, request, worker_sources);
    if (!python) return tl::unexpected(python.error());
    const Result<Finished> made = commands.run("making a virtual environment from " + *python,
                                               {*python, "-m", "venv", places.venv.string()});
    if (!made) return tl::unexpected(made.error());
    if (made->ending != Ending::good) {
        return tl::unexpected(failure(commands, *made, "the virtual environment could not be made",
                                      "name another Python with --venv-from"));
    }
    std::vector<std::string> pip{places.venv_python.string(),
                                 "-m",
                                 "pip",
                                 "install",
                                 "--disable-pip-version-check",
                                 "--progress-bar",
                                 "off",
                                 "--no-input",
                                 "torch==" + request.torch};
    pip.insert(pip.end(), request.with.begin(), request.with.end());
    const std::string what = join(std::vector<std::string>(pip.begin() + 8, pip.end()), " ");
    const Result<Finished> installed = commands.run("installing " + what, pip);
    if (!installed) return tl::unexpected(installed.error());
    if (installed->ending != Ending::good) {
        return tl::unexpected(failure(commands, *installed, what + " could not be installed",
                                      "see that the version exists, for this Python too, and that "
                                      "pip reaches its index"));
    }
    return {};
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

/// Why an environment that is there is not the one that is asked for; empty: it is.
std::string differs(const Installed& installed, const Request& request,
                    const std::optional<fs::path>& python) {
    if (python) {
        if (installed.python == *python) return {};
        return fmt::format("is the Python {}", installed.python.string());
    }
    if (!installed.own_venv) return fmt::format("is the Python {}", installed.python.string());
    if (!is_torch(request.torch, installed.facts.torch_build))
        return fmt::format("has torch {}", installed.facts.torch_build);
    return {};
}

Result<Added> refresh(Commands& commands, Installed installed, const fs::path& cases,
                      const fs::path& worker_sources, const Watch& watch) {
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
    if (request.python) {
        const Result<fs::path> found = find_interpreter(*commands, *request.python);
        if (!found) return tl::unexpected(found.error());
        python = *found;
    }
    if (fs::exists(places.description)) {
        Result<Installed> there = load(whole_path(root), request.name);
        if (!there) return tl::unexpected(there.error());
        if (const std::string other = differs(*there, request, python); !other.empty()) {
            return tl::unexpected(Error{
                places.folder.string(), 0,
                fmt::format("environment \"{}\" is there already, and {}", request.name, other),
                fmt::format("`exportgate env remove {}` first, or choose another name",
                            request.name)});
        }
        return refresh(*commands, std::move(*there), request.cases, worker_sources, watch);
    }

    const bool own_venv = !python;
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
    installed.python = python.value_or(places.venv_python);
    if (!request.cases.empty()) installed.cases = whole_path(request.cases);
    if (own_venv) {
        if (Result<void> made = make_venv(*commands, places, request, worker_sources); !made)
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

Result<std::uintmax_t> remove(const fs::path& root, const std::string& name) {
    if (Result<void> fits = check_name(name); !fits) return tl::unexpected(fits.error());
    const Layout places = layout(whole_path(root), name);
    if (!fs::exists(places.folder)) {
        const std::vector<std::string> known = names(root);
        return tl::unexpected(
            Error{root.string(), 0, fmt::format("there is no environment \"{}\"", name),
                  known.empty() ? "there is none at all" : "there are: " + join(known, ", ")});
    }
    const Result<Lock> lock = Lock::take(places.lock);
    if (!lock) return tl::unexpected(lock.error());
    const std::uintmax_t bytes = size_on_disk(places.folder);
    std::error_code failure;
    fs::remove(places.description, failure);  // first: what is half-removed counts as half-made
    fs::remove_all(places.folder, failure);
    if (failure) {
        return tl::unexpected(Error{places.folder.string(), 0,
                                    "cannot be removed: " + failure.message(),
                                    "remove the folder by hand"});
    }
    fs::remove(places.log, failure);
    return bytes;
}

}  // namespace exportgate::environment
