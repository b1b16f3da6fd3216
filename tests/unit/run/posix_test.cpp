// Starting a process with variables of its own and on one CPU. What is started is the shell.
#include "run/posix.h"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace exportgate::run {
namespace {

using testing::HasSubstr;

/// What `script` prints, started with `options`.
std::string printed(const std::string& script, const SpawnOptions& options) {
    Result<std::array<Descriptor, 2>> output = output_pipe();
    EXPECT_TRUE(output);
    const Result<pid_t> pid =
        spawn("sh", {"-c", script}, std::nullopt, (*output)[1].get(), options);
    if (!pid) return to_string(pid.error());
    int status = 0;
    ::waitpid(*pid, &status, 0);
    (*output)[1].close();
    std::string text;
    read_available((*output)[0].get(), text);
    return text;
}

std::string allowed_cpus(const std::string& of) {
    std::ifstream file("/proc/" + of + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("Cpus_allowed_list:")) return line.substr(line.find('\t') + 1);
    }
    return "";
}

TEST(Spawn, TakesVariablesInPlaceOfItsOwnOfThatName) {
    ::setenv("EXPORTGATE_TEST_A", "old", 1);
    ::setenv("EXPORTGATE_TEST_AB", "kept", 1);
    const SpawnOptions options{{{"EXPORTGATE_TEST_A", "new=1"}, {"EXPORTGATE_TEST_C", ""}}, {}};
    EXPECT_EQ(printed("echo $EXPORTGATE_TEST_A $EXPORTGATE_TEST_AB ${EXPORTGATE_TEST_C-none}."
                      " $OMP_NUM_THREADS; env | grep -c ^EXPORTGATE_TEST_A=",
                      options),
              "new=1 kept . 1\n1\n");
}

TEST(Spawn, StartsOnTheCpuThatIsAskedForAndStaysItselfWhereItWas) {
    ASSERT_FALSE(usable_cpus().empty());
    const int cpu = usable_cpus().back();
    const std::string before = allowed_cpus("self");
    EXPECT_EQ(printed("grep Cpus_allowed_list: /proc/self/status", {{}, cpu}),
              "Cpus_allowed_list:\t" + std::to_string(cpu) + "\n");
    EXPECT_EQ(allowed_cpus("self"), before);
}

TEST(Spawn, SaysWhichCpuItCannotUse) {
    EXPECT_THAT(printed("true", {{}, 1000}), HasSubstr("cannot run on CPU 1000"));
    EXPECT_THAT(printed("true", {{}, -1}), HasSubstr("cannot run on CPU -1"));
}

TEST(Pin, MovesAProcessThatRuns) {
    Result<std::array<Descriptor, 2>> output = output_pipe();
    ASSERT_TRUE(output);
    const Result<pid_t> pid = spawn("sleep", {"60"}, std::nullopt, (*output)[1].get());
    ASSERT_TRUE(pid);
    const int cpu = usable_cpus().front();
    const Result<void> pinned = pin(*pid, cpu);
    EXPECT_TRUE(pinned) << to_string(pinned.error());
    EXPECT_EQ(allowed_cpus(std::to_string(*pid)), std::to_string(cpu));
    EXPECT_THAT(to_string(pin(*pid, 1000).error()), HasSubstr("cannot run on CPU 1000"));
    ::kill(*pid, SIGKILL);
    ::waitpid(*pid, nullptr, 0);
    EXPECT_THAT(to_string(pin(*pid, cpu).error()), HasSubstr("is gone"));
}

}  // namespace
}  // namespace exportgate::run
