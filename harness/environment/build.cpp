#include "environment/build.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "environment/sources.h"
#include "environment/tools.h"

namespace exportgate::environment {

namespace {

namespace fs = std::filesystem;

/// Less is free than the smallest step needs (bytes).
constexpr std::uintmax_t nearly_nothing = 1 << 20;

/// The compiler's first error in `source`, else the first of all.
std::string first_error(const std::string& output, const fs::path& source) {
    const std::vector<std::string> lines = lines_that_matter(output, 200);
    for (const std::string& line : lines) {
        if (line.find(source.filename().string()) != std::string::npos &&
            line.find("error:") != std::string::npos) {
            const std::size_t folder = line.find(source.parent_path().filename().string() + "/");
            return folder == std::string::npos ? line : line.substr(folder);
        }
    }
    return lines.empty() ? "no reason was printed" : lines.front();
}

/// Where the built module of a case is, whatever its suffix.
void remove_module(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".so") fs::remove(entry.path(), ignored);
    }
}

Result<std::vector<std::string>> build_targets(Commands& commands, const std::string& step,
                                               const Layout& places,
                                               const std::vector<std::string>& targets) {
    std::vector<std::string> command{"cmake", "--build", places.worker_folder.string(), "--target"};
    command.insert(command.end(), targets.begin(), targets.end());
    const Result<Finished> built = commands.run(step, command);
    if (!built) return tl::unexpected(built.error());
    if (built->ending == Ending::interrupted)
        return tl::unexpected(Error{"", 0, interrupted_text, ""});
    if (built->ending == Ending::good) return std::vector<std::string>{};
    return std::vector<std::string>{built->how, built->output};
}

/// Builds the benchmarks, where they were configured; why that failed is left beside the worker.
Result<void> build_bench(Commands& commands, const Layout& places) {
    const fs::path notice = places.worker_folder / "bench_not_available.txt";
    if (fs::exists(notice)) return {};
    const Result<std::vector<std::string>> failed =
        build_targets(commands, "building the benchmarks", places, {"exportgate-bench"});
    if (!failed) return tl::unexpected(failed.error());
    if (failed->empty()) return {};
    std::error_code ignored;
    fs::remove(places.worker_folder / "exportgate-bench", ignored);  // an earlier build's
    return write_file(notice, first_error(failed->back(), "bench/google.cpp") + "\n");
}

/// Builds one native module; why it could not be built, else "".
Result<std::string> build_native(Commands& commands, const Layout& places,
                                 const fs::path& directory, const std::string& case_name) {
    const fs::path folder = places.worker_folder / "native" / case_name;
    const fs::path notice = folder / "not_available.txt";
    const Result<std::vector<std::string>> failed =
        build_targets(commands, fmt::format("building the native module of {}", case_name), places,
                      {"native_" + case_name, "native_sources_" + case_name});
    if (!failed) return tl::unexpected(failed.error());
    std::error_code ignored;
    if (failed->empty()) {
        fs::remove(notice, ignored);
        return std::string();
    }
    const std::string obstacle = first_error(failed->back(), directory / "native.cpp");
    // Those of an earlier build must not stand in for this one.
    remove_module(folder);
    fs::remove_all(places.worker_folder / "built_from" / "native" / case_name, ignored);
    if (Result<void> told = write_file(notice, obstacle + "\n"); !told)
        return tl::unexpected(told.error());
    return obstacle;
}

}  // namespace

Error failure(const Commands& commands, const Finished& finished, const std::string& doing,
              const std::string& remedy) {
    if (finished.ending == Ending::interrupted) return {"", 0, interrupted_text, ""};
    std::string what = fmt::format("{} ({}):", doing, finished.how);
    for (const std::string& line : lines_that_matter(finished.output))
        what += "\n    " + line;
    what += "\n  the whole log: " + commands.log().string();
    // Not every tool passes on why it failed (venv does not).
    std::error_code unknown;
    const fs::space_info space = fs::space(commands.log().parent_path(), unknown);
    const bool full = finished.output.find("No space left on device") != std::string::npos ||
                      (!unknown && space.available < nearly_nothing);
    return {"", 0, what,
            full ? "the disk is full: a torch with CUDA takes 5 to 7 GB; free some space, or name "
                   "a folder on another disk with --environments"
                 : remedy};
}

Result<Probed> probe(Commands& commands, const fs::path& python, const fs::path& worker_sources) {
    const Result<Finished> answered = commands.run(
        "looking at " + python.string(),
        {python.string(), (worker_sources / "cmake" / "probe_environment.py").string()});
    if (!answered) return tl::unexpected(answered.error());
    if (answered->ending != Ending::good) {
        return tl::unexpected(failure(commands, *answered,
                                      python.string() + " does not answer as a Python does",
                                      "name a Python interpreter that has torch"));
    }
    Probed probed;
    for (const std::string_view line : split(answered->output, '\n')) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view key = line.substr(0, equals);
        const std::string value(line.substr(equals + 1));
        if (key == "ERROR") return tl::unexpected(Error{"", 0, value, ""});
        if (key == "PYTHON_VERSION") probed.python_version = value;
        if (key == "TORCH_VERSION") probed.torch_version = value;
        if (key == "TORCH_DIRECTORY") probed.torch_directory = value;
    }
    if (probed.torch_directory.empty()) {
        return tl::unexpected(Error{python.string(), 0, "does not answer as a Python does",
                                    "name a Python interpreter that has torch"});
    }
    return probed;
}

Result<void> build_aoti_runner(Commands& commands, const Layout& places) {
    const fs::path notice = places.worker_folder / "aoti_not_available.txt";
    const Result<std::vector<std::string>> failed =
        build_targets(commands, "building exportgate-aoti", places, {"exportgate-aoti"});
    if (!failed) return tl::unexpected(failed.error());
    std::error_code ignored;
    if (failed->empty()) {
        fs::remove(notice, ignored);
        return {};
    }
    fs::remove(places.worker_folder / "exportgate-aoti", ignored);  // an earlier build's
    return write_file(notice, first_error(failed->back(), "aoti/main.cpp") + "\n");
}

Result<std::map<std::string, std::string>> build_worker(Commands& commands, const Layout& places,
                                                        const fs::path& python,
                                                        const fs::path& worker_sources,
                                                        const fs::path& cases) {
    const Result<Generator> tool =
        find_tools(commands, worker_sources, places.worker_folder / "tools");
    if (!tool) return tl::unexpected(tool.error());

    const Result<Finished> configured = commands.run(
        "configuring the worker",
        {"cmake", "-S", worker_sources.string(), "-B", places.worker_folder.string(), "-G",
         tool->name, "-DCMAKE_BUILD_TYPE=Release", "-DEXPORTGATE_WERROR=" EXPORTGATE_WERROR,
         "-DEXPORTGATE_PYTHON=" + python.string(),
         "-DEXPORTGATE_CASES=" +
             (cases.empty() ? places.worker_folder / "no cases" : cases).string()});
    if (!configured) return tl::unexpected(configured.error());
    if (configured->ending != Ending::good) {
        return tl::unexpected(failure(commands, *configured, "the worker could not be configured",
                                      "mend what is said there, and add the environment again"));
    }

    // All at once, so that every core has something to do; where that fails, one by one, to see
    // what can be had.
    std::vector<std::string> everything{"cmake", "--build", places.worker_folder.string(), "--"};
    everything.insert(everything.end(), tool->keep_going.begin(), tool->keep_going.end());
    const Result<Finished> built = commands.run("building the worker", everything);
    if (!built) return tl::unexpected(built.error());
    if (built->ending == Ending::interrupted)
        return tl::unexpected(Error{"", 0, interrupted_text, ""});
    if (built->ending != Ending::good) {
        const Result<std::vector<std::string>> failed =
            build_targets(commands, "building the worker alone", places,
                          {"exportgate-worker", "exportgate_worker_package"});
        if (!failed) return tl::unexpected(failed.error());
        if (!failed->empty()) {
            return tl::unexpected(
                failure(commands, {Ending::failed, failed->front(), failed->back()},
                        "the worker could not be built",
                        "mend what is said there, and add the environment again"));
        }
        if (Result<void> bench = build_bench(commands, places); !bench)
            return tl::unexpected(bench.error());
    }
    std::map<std::string, std::string> natives;
    for (const auto& [case_name, directory] : native_cases(cases)) {
        Result<std::string> obstacle = build_native(commands, places, directory, case_name);
        if (!obstacle) return tl::unexpected(obstacle.error());
        natives[case_name] = std::move(*obstacle);
    }
    return natives;
}

}  // namespace exportgate::environment
