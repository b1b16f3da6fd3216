#include "run/child.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <memory>

namespace exportgate::run {
namespace {

using testing::HasSubstr;

const matrix::Cell asked{"c", matrix::Kind::plain, matrix::Mode::strict, matrix::DimsStyle::named,
                         "p"};

std::string answer_of(const std::string& cell) {
    return R"({"token": "t", "observation": {"cell": ")" + cell +
           R"(", "rejected": {"stage": "export", "exception": "E", "message": "m"}, "timings_s": {}, "output": ""}})";
}

/// A child whose channel the test holds the other end of. It is never forked, so nothing is killed.
class ChildOf : public testing::Test {
  protected:
    void SetUp() override {
        Result<std::array<Descriptor, 2>> channel = socket_pair();
        Result<std::array<Descriptor, 2>> output = output_pipe();
        ASSERT_TRUE(channel && output);
        theirs_ = std::move((*channel)[1]);
        child_ = std::make_unique<Child>(
            1, "t", std::vector{asked},
            Limits{std::chrono::seconds(60), std::chrono::seconds(20), std::chrono::seconds(120)},
            std::move((*channel)[0]), std::move((*output)[0]));
    }

    void begins(const std::string& stage) {
        says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": ")" + stage +
             R"("}})");
    }

    void says(const std::string& line) {
        ASSERT_TRUE(send_line(theirs_.get(), line, {}));
    }

    record::Observation seen(int signal, int exit_code) {
        std::vector<record::Observation> all = child_->finish(signal, exit_code);
        EXPECT_EQ(all.size(), 1u);
        EXPECT_EQ(all.front().cell, asked.name());
        return all.front();
    }

    Descriptor theirs_;
    std::unique_ptr<Child> child_;
};

TEST_F(ChildOf, AnAnswerAndACleanEndIsAnObservation) {
    begins("export");
    says(answer_of(asked.name()));
    EXPECT_TRUE(std::holds_alternative<record::Rejected>(seen(0, 0).result));
}

TEST_F(ChildOf, AnAnswerOfAChildThatThenDiedIsNotTrusted) {
    begins("export");
    says(answer_of(asked.name()));
    EXPECT_EQ(std::get<record::Crashed>(seen(SIGSEGV, 0).result),
              (record::Crashed{"exit", SIGSEGV, 0}));
}

TEST_F(ChildOf, AnAnswerOfAChildThatThenFailedIsNotTrusted) {
    begins("export");
    says(answer_of(asked.name()));
    EXPECT_EQ(std::get<record::Crashed>(seen(0, 1).result), (record::Crashed{"exit", 0, 1}));
}

TEST_F(ChildOf, SilenceIsACrashInTheLastStage) {
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "export"}})");
    EXPECT_EQ(std::get<record::Crashed>(seen(0, 0).result), (record::Crashed{"export", 0, 0}));
}

TEST_F(ChildOf, HalfAnAnswerIsACrash) {
    const std::string half = answer_of(asked.name()).substr(0, 60);
    ASSERT_EQ(::write(theirs_.get(), half.data(), half.size()), static_cast<ssize_t>(half.size()));
    EXPECT_TRUE(std::holds_alternative<record::Crashed>(seen(0, 0).result));
}

TEST_F(ChildOf, TimeOverIsATimeoutWhateverTheSignal) {
    child_->time_out();
    EXPECT_EQ(std::get<record::TimedOut>(seen(SIGKILL, 0).result), (record::TimedOut{"start", 60}));
}

TEST_F(ChildOf, ACheckHasItsOwnTime) {
    const auto left = [&] { return child_->deadline() - Clock::now(); };
    child_->forked(0);
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "observe"}})");
    child_->receive();
    EXPECT_GT(left(), std::chrono::seconds(50));
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "check:run"}})");
    child_->receive();
    EXPECT_LE(left(), std::chrono::seconds(30));  // its budget and ten seconds
    EXPECT_GT(left(), std::chrono::seconds(20));
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "check:aoti"}})");
    child_->receive();
    EXPECT_GT(left(), std::chrono::seconds(120));  // a consumer has another
}

TEST_F(ChildOf, TimeOverInAConsumerNamesItsLimit) {
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "check:onnx"}})");
    child_->receive();
    child_->time_out();
    EXPECT_EQ(std::get<record::TimedOut>(seen(SIGKILL, 0).result),
              (record::TimedOut{"check:onnx", 120}));
}

TEST_F(ChildOf, TimeOverInACheckIsATimeoutOfThatCheck) {
    says(R"({"token": "t", "stage": {"cell": "c/plain/strict/named/p", "stage": "check:bounds"}})");
    child_->receive();
    child_->time_out();
    EXPECT_EQ(std::get<record::TimedOut>(seen(SIGKILL, 0).result),
              (record::TimedOut{"check:bounds", 20}));
}

TEST_F(ChildOf, AnAnswerAboutAnotherCellIsNoAnswer) {
    says(answer_of("c/module/strict/named/p"));
    EXPECT_THAT(std::get<record::Unobserved>(seen(0, 0).result).reason,
                HasSubstr("where one of c/plain/strict/named/p"));
}

TEST_F(ChildOf, AnAnswerWithoutTheTokenIsNotTheWorkers) {
    begins("export");
    std::string forged = answer_of(asked.name());
    forged.replace(0, std::string_view(R"({"token": "t", )").size(), "{");
    says(forged);
    EXPECT_THAT(std::get<record::Unobserved>(seen(0, 0).result).reason,
                HasSubstr("a message came that the worker did not write"));
}

TEST_F(ChildOf, ARejectionInAStageThatDidNotBeginIsNotBelieved) {
    begins("import");
    says(answer_of(asked.name()));
    EXPECT_THAT(std::get<record::Unobserved>(seen(0, 0).result).reason,
                HasSubstr("a result of the stage export, which did not begin"));
}

TEST_F(ChildOf, ASecondAnswerSpoilsTheFirst) {
    begins("export");
    says(answer_of(asked.name()));
    says(answer_of(asked.name()));
    EXPECT_TRUE(std::holds_alternative<record::Unobserved>(seen(0, 0).result));
}

TEST_F(ChildOf, AnAnswerSurvivesTheLossOfTheWorker) {
    EXPECT_TRUE(child_->salvage().empty());
    begins("export");
    says(answer_of(asked.name()));
    EXPECT_EQ(child_->salvage().size(), 1u);
}

}  // namespace
}  // namespace exportgate::run
