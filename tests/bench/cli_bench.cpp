// What users wait for besides torch: starting the command line, and judging a record of 10,000
// cells. Both as whole processes of the real binary, on files made from a real record: cli_bench
// EXPORTGATE RECORD CASES GOLDEN [--benchmark_...].
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Runs a command with its output thrown away; anything but `expected` as exit code is an error, so
/// that a failing command is never timed.
void run(const std::vector<std::string>& words, int expected) {
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    if (posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
        throw std::runtime_error("cannot start " + words[0]);
    }
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
        throw std::runtime_error(words[1] + " failed");
}

/// The lines of the real record, with every case there `copies` times under other names: cases,
/// goldens and record.
struct Copies {
    fs::path folder = fs::temp_directory_path() / ("exportgate-bench-" + std::to_string(getpid()));
    std::size_t cells = 0;

    Copies(const fs::path& record, const fs::path& cases, const fs::path& golden, int copies) {
        std::ifstream lines(record);
        std::string line;
        std::getline(lines, line);
        Json header = Json::parse(line);
        const Json declarations = header["record"]["cases"];
        const Json names = header["record"]["cells"];
        header["record"]["cases"] = Json::array();
        header["record"]["cells"] = Json::array();
        std::vector<Json> observations;
        while (std::getline(lines, line))
            observations.push_back(Json::parse(line));
        const Json footer = observations.back();
        observations.pop_back();

        std::string body;
        for (int copy = 0; copy < copies; ++copy) {
            const std::string suffix = "_" + std::to_string(10000 + copy);
            const auto renamed = [&](std::string name) {
                return name.insert(name.find('/'), suffix);
            };
            for (Json declaration : declarations) {
                const std::string name = declaration["name"];
                fs::create_directories(folder / "golden");
                fs::create_directories(folder / "cases");
                fs::copy(cases / name, folder / "cases" / (name + suffix),
                         fs::copy_options::recursive);
                fs::copy(golden / name, folder / "golden" / (name + suffix),
                         fs::copy_options::recursive);
                declaration["name"] = name + suffix;
                header["record"]["cases"].push_back(declaration);
            }
            for (const Json& name : names)
                header["record"]["cells"].push_back(renamed(name));
            for (Json observation : observations) {
                observation["cell"] = renamed(observation["cell"]);
                body += observation.dump() + "\n";
                ++cells;
            }
        }
        std::ofstream(folder / "record.jsonl") << header.dump() << "\n"
                                               << body << footer.dump() << "\n";
    }
    ~Copies() {
        fs::remove_all(folder);
    }
};

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc != 5) {
        std::fprintf(stderr, "usage: cli_bench EXPORTGATE RECORD CASES GOLDEN [--benchmark_...]\n");
        return 2;
    }
    const std::string exportgate = argv[1];
    const Copies copies(argv[2], argv[3], argv[4], 157);
    const std::string folder = copies.folder.string();

    benchmark::RegisterBenchmark("version",
                                 [&](benchmark::State& state) {
                                     for (auto _ : state)
                                         run({exportgate, "--version"}, 0);
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(
        "check",
        [&](benchmark::State& state) {
            for (auto _ : state) {
                run({exportgate, "check", folder + "/record.jsonl", "--cases", folder + "/cases",
                     "--golden", folder + "/golden"},
                    0);
            }
            state.counters["cells"] = static_cast<double>(copies.cells);
        })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(5);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
