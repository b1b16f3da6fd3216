#include "environment/venv.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "environment/build.h"

namespace exportgate::environment {

namespace {

namespace fs = std::filesystem;

/// The folders of packages that an interpreter sees, as lines of a .pth file, the version under
/// which pip knows its torch, and whether pip is in one of the folders. addsitedir() reads the .pth
/// files in a folder too: packages that are installed in place (editable) are known by nothing
/// else.
constexpr const char* what_it_sees = R"py(
import importlib.metadata, importlib.util, os, site, sys, sysconfig
folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
if site.ENABLE_USER_SITE:
    folders.add(site.getusersitepackages())
for folder in sys.path:
    if folder in folders:
        print(f"PTH=import site; site.addsitedir({folder!a})")
try:
    print("TORCH=" + importlib.metadata.version("torch"))
except importlib.metadata.PackageNotFoundError:
    pass
pip = importlib.util.find_spec("pip")
if pip and pip.origin and os.path.dirname(os.path.dirname(pip.origin)) in folders:
    print("PIP=there")
)py";

constexpr const char* write_pth = R"py(
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "exportgate.pth").write_text(sys.argv[1])
)py";

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

/// -B: the byte code of what is imported from elsewhere must not be left there. To unpack a pip of
/// its own takes seconds: `with_pip` says whether it needs one.
Result<void> bare_venv(Commands& commands, const Layout& places, const std::string& python,
                       bool with_pip, const std::string& remedy) {
    std::vector<std::string> command{python, "-B", "-m", "venv", places.venv.string()};
    if (!with_pip) command.emplace_back("--without-pip");
    const Result<Finished> made =
        commands.run("making a virtual environment from " + python, command);
    if (!made) return tl::unexpected(made.error());
    if (made->ending == Ending::good) return {};
    return tl::unexpected(
        failure(commands, *made, "the virtual environment could not be made", remedy));
}

/// pip tried again, and gave up: what it says at last is that no version fits.
bool index_does_not_answer(const Finished& installed) {
    for (const char* told : {"Retrying (Retry(", "Max retries exceeded", "ReadTimeoutError"}) {
        if (installed.output.find(told) != std::string::npos) return true;
    }
    return false;
}

/// What a constraint of the user's pip allows, where that is what stopped it: "torch<2.0".
std::string constraint(const Finished& installed) {
    constexpr std::string_view before = "The user requested (constraint) ";
    for (const std::string_view line : split(installed.output, '\n')) {
        if (const std::size_t at = line.find(before); at != std::string_view::npos)
            return std::string(line.substr(at + before.size()));
    }
    return "";
}

/// What helps where pip failed.
std::string pip_remedy(const Finished& installed) {
    if (const std::string allowed = constraint(installed); !allowed.empty()) {
        return fmt::format(
            "a constraint of your pip allows {} only: `pip config list` and PIP_CONSTRAINT say "
            "where it is",
            allowed);
    }
    if (!index_does_not_answer(installed))
        return "see that the version exists, for this Python too, and that pip reaches its index";
    return "the package index does not answer: see that it can be reached (PIP_INDEX_URL, "
           "pip.conf, a proxy), and try again; PIP_TIMEOUT and PIP_RETRIES say how long pip waits";
}

std::vector<std::string> pip_install(const Layout& places) {
    return {places.venv_python.string(),
            "-B",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--progress-bar",
            "off",
            "--no-input"};
}

/// What an interpreter says about the packages that it sees.
struct VisiblePackages {
    std::string pth;
    std::string torch;     // its version for pip; empty: pip does not know it
    bool has_pip = false;  // among them
};

Result<VisiblePackages> packages_of(Commands& commands, const fs::path& python) {
    const Result<Finished> answered = commands.run("looking at the packages of " + python.string(),
                                                   {python.string(), "-B", "-c", what_it_sees});
    if (!answered) return tl::unexpected(answered.error());
    VisiblePackages seen;
    for (const std::string_view line : split(answered->output, '\n')) {
        if (line.starts_with("PTH=")) seen.pth += std::string(line.substr(4)) + "\n";
        if (line.starts_with("TORCH=")) seen.torch = line.substr(6);
        if (line.starts_with("PIP=")) seen.has_pip = true;
    }
    if (answered->ending == Ending::good && !seen.pth.empty()) return seen;
    return tl::unexpected(failure(commands, *answered,
                                  python.string() + " does not say where its packages are",
                                  "name a Python interpreter that has torch"));
}

std::string own_torch_remedy(const fs::path& python) {
    return fmt::format(
        "leave away what needs another torch, or make an environment with a torch of its own: "
        "--torch VERSION --venv-from {} in place of --python",
        python.string());
}

/// `seen` and `torch_version` are those of `python`.
Result<void> install_over(Commands& commands, const Layout& places, const fs::path& python,
                          const VisiblePackages& seen, const std::string& torch_version,
                          const std::vector<std::string>& with) {
    std::vector<std::string> pip = pip_install(places);
    if (!seen.torch.empty()) {
        // Otherwise pip would fetch gigabytes before anybody sees that they are of no use.
        const fs::path constraint = places.venv / "exportgate-constraint.txt";
        if (Result<void> written = write_file(constraint, "torch==" + seen.torch + "\n"); !written)
            return written;
        pip.insert(pip.end(), {"--constraint", constraint.string()});
    }
    pip.insert(pip.end(), with.begin(), with.end());
    const std::string what = join(with, " ");
    const Result<Finished> installed = commands.run("installing " + what, pip);
    if (!installed) return tl::unexpected(installed.error());
    if (installed->ending == Ending::good) return {};
    const bool another_torch = installed->output.find("ResolutionImpossible") != std::string::npos;
    return tl::unexpected(
        failure(commands, *installed,
                fmt::format("{} could not be installed beside torch {} of {}", what, torch_version,
                            python.string()),
                another_torch ? own_torch_remedy(python) : pip_remedy(*installed)));
}

}  // namespace

Result<void> make_venv(Commands& commands, const Layout& places, const Request& request,
                       const fs::path& worker_sources) {
    const Result<std::string> python = base_python(commands, request, worker_sources);
    if (!python) return tl::unexpected(python.error());
    if (Result<void> made =
            bare_venv(commands, places, *python, true, "name another Python with --venv-from");
        !made)
        return made;
    std::vector<std::string> what{"torch==" + request.torch};
    if (request.with) what.insert(what.end(), request.with->begin(), request.with->end());
    std::vector<std::string> pip = pip_install(places);
    pip.insert(pip.end(), what.begin(), what.end());
    const std::string all = join(what, " ");
    const Result<Finished> installed = commands.run("installing " + all, pip);
    if (!installed) return tl::unexpected(installed.error());
    if (installed->ending != Ending::good) {
        return tl::unexpected(
            failure(commands, *installed, all + " could not be installed", pip_remedy(*installed)));
    }
    return {};
}

Result<void> make_venv_over(Commands& commands, const Layout& places, const fs::path& python,
                            const std::vector<std::string>& with, const fs::path& worker_sources) {
    const Result<Probed> below = probe(commands, python, worker_sources);
    if (!below) return tl::unexpected(below.error());
    const Result<VisiblePackages> seen = packages_of(commands, python);
    if (!seen) return tl::unexpected(seen.error());
    if (Result<void> made = bare_venv(commands, places, python.string(), !seen->has_pip,
                                      "name another Python that has torch with --python");
        !made)
        return made;
    const Result<Finished> written =
        commands.run("letting it see the packages of " + python.string(),
                     {places.venv_python.string(), "-B", "-c", write_pth, seen->pth});
    if (!written) return tl::unexpected(written.error());
    if (written->ending != Ending::good) {
        return tl::unexpected(failure(commands, *written,
                                      "the packages of " + python.string() + " cannot be seen",
                                      "name another Python that has torch with --python"));
    }
    if (Result<void> installed =
            install_over(commands, places, python, *seen, below->torch_version, with);
        !installed)
        return installed;
    const Result<Probed> above = probe(commands, places.venv_python, worker_sources);
    if (!above) return tl::unexpected(above.error());
    if (above->torch_directory == below->torch_directory) return {};
    return tl::unexpected(Error{
        "", 0,
        fmt::format("{} brought torch {}, which would stand before torch {} of {}", join(with, " "),
                    above->torch_version, below->torch_version, python.string()),
        own_torch_remedy(python)});
}

}  // namespace exportgate::environment
