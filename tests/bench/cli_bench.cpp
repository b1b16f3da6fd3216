// What users wait for besides torch: starting the command line, judging a record of 10,000 cells,
// judging the records of all releases, and the page of all releases, of 64 and of 640 cells. All as
// whole processes of the real binary, on real records or on files made from them: cli_bench
// EXPORTGATE RECORD CASES GOLDEN [RECORDINGS] [--benchmark_...].
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

using Words = std::vector<std::string>;

/// "dynamic_cache" is "dynamic_cache_10003" in its fourth copy.
std::string suffix(int copy) {
    return "_" + std::to_string(10000 + copy);
}

/// A folder of its own with every case there `copies` times under other names: cases, goldens, and
/// real records with their lines as often.
class Copies {
  public:
    Copies(const fs::path& cases, const fs::path& golden, int copies) : copies_(copies) {
        static int number = 0;
        folder_ = fs::temp_directory_path() /
                  ("exportgate-bench-" + std::to_string(getpid()) + "-" + std::to_string(number++));
        for (const fs::directory_entry& entry : fs::directory_iterator(cases)) {
            if (!entry.is_directory()) continue;
            const std::string name = entry.path().filename();
            for (int copy = 0; copy < copies; ++copy) {
                copy_folder(cases / name, folder_ / "cases" / (name + suffix(copy)));
                copy_folder(golden / name, folder_ / "golden" / (name + suffix(copy)));
            }
        }
    }
    Copies(const Copies&) = delete;
    Copies& operator=(const Copies&) = delete;
    ~Copies() {
        fs::remove_all(folder_);
    }

    /// Returns the number of cells.
    std::size_t add(const fs::path& record) const {
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
        std::size_t cells = 0;
        for (int copy = 0; copy < copies_; ++copy) {
            const auto renamed = [&](std::string name) {
                return name.insert(name.find('/'), suffix(copy));
            };
            for (Json declaration : declarations) {
                declaration["name"] = std::string(declaration["name"]) + suffix(copy);
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
        fs::create_directories(folder_ / "recordings");
        std::ofstream(folder_ / "recordings" / record.filename()) << header.dump() << "\n"
                                                                  << body << footer.dump() << "\n";
        return cells;
    }

    /// "cases", "golden" or "recordings".
    std::string path(const std::string& part) const {
        return (folder_ / part).string();
    }

  private:
    static void copy_folder(const fs::path& from, const fs::path& to) {
        if (!fs::exists(from)) return;
        fs::create_directories(to.parent_path());
        fs::copy(from, to, fs::copy_options::recursive);
    }

    int copies_;
    fs::path folder_;
};

Words records_of(const fs::path& recordings) {
    Words files;
    for (const fs::directory_entry& entry : fs::directory_iterator(recordings)) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    return files;
}

/// Times a whole process, which has to end well.
benchmark::internal::Benchmark* time_command(const std::string& name, const Words& command,
                                             std::size_t cells) {
    return benchmark::RegisterBenchmark(name.c_str(),
                                        [=](benchmark::State& state) {
                                            for (auto _ : state)
                                                run(command, 0);
                                            if (cells > 0)
                                                state.counters["cells"] =
                                                    static_cast<double>(cells);
                                        })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc != 5 && argc != 6) {
        std::fprintf(stderr,
                     "usage: cli_bench EXPORTGATE RECORD CASES GOLDEN [RECORDINGS] "
                     "[--benchmark_...]\n");
        return 2;
    }
    const std::string exportgate = argv[1];
    const std::string cases = argv[3];
    const std::string golden = argv[4];
    time_command("version", {exportgate, "--version"}, 0);

    const Copies many(cases, golden, 157);
    const std::size_t cells = many.add(argv[2]);
    time_command(
        "check",
        {exportgate, "check", many.path("recordings") + "/" + fs::path(argv[2]).filename().string(),
         "--cases", many.path("cases"), "--golden", many.path("golden")},
        cells)
        ->Iterations(5);

    const Copies ten(cases, golden, 10);
    if (argc == 6) {
        const Words records = records_of(argv[5]);
        std::size_t of_ten = 0;
        for (const std::string& record : records)
            of_ten += ten.add(record);
        Words check{exportgate, "check", "--cases", cases, "--golden", golden};
        check.insert(check.end(), records.begin(), records.end());
        time_command("check_releases", check, of_ten / 10);
        time_command("matrix", {exportgate, "matrix", "--cases", cases, "--recordings", argv[5]},
                     of_ten / 10);
        time_command("matrix_of_ten_cases",
                     {exportgate, "matrix", "--cases", ten.path("cases"), "--recordings",
                      ten.path("recordings")},
                     of_ten)
            ->Iterations(5);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
