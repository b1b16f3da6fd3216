#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands.h"
#include "ended.h"

namespace {

/// "env add" for the command `add` of `env`, "run" for one of the program itself.
std::string full_name(const CLI::App& app, const std::string& command) {
    return app.get_parent() == nullptr ? command : app.get_name() + " " + command;
}

/// Says which command was meant where the first of `words` is not one; where it is a group of
/// commands, the same for the next.
std::optional<exportgate::Error> unknown_command(const CLI::App& app,
                                                 std::span<char* const> words) {
    if (words.empty()) return std::nullopt;
    const std::string word = words.front();
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(nullptr))
        names.push_back(command->get_name());
    if (names.empty() || word.starts_with('-')) return std::nullopt;
    if (std::find(names.begin(), names.end(), word) != names.end())
        return unknown_command(*app.get_subcommand(word), words.subspan(1));
    const std::string near = exportgate::closest(word, names);
    return exportgate::Error{"", 0, "there is no command \"" + full_name(app, word) + "\"",
                             near.empty() ? "one of: " + exportgate::join(names, ", ")
                                          : "did you mean \"" + near + "\"?"};
}

/// The command line up to the options: "exportgate env add".
std::string meant(const CLI::App& app) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    return app.get_name() + (commands.empty() ? "" : " " + meant(*commands.front()));
}

/// The command that was asked for.
const CLI::App& asked(const CLI::App& app) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    return commands.empty() ? app : asked(*commands.front());
}

/// For an option that is none: the one that was meant, perhaps.
std::optional<exportgate::Error> unknown_option(const CLI::App& app) {
    const CLI::App& command = asked(app);
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    }
    for (const std::string& each : app.remaining(true)) {
        const std::string word = each.substr(0, each.find('='));
        if (!word.starts_with("--")) continue;
        const std::string near = exportgate::closest(word, names);
        if (near.empty()) continue;
        return exportgate::Error{"", 0, "there is no option \"" + word + "\" of " + meant(app),
                                 "did you mean \"" + near + "\"?"};
    }
    return std::nullopt;
}

int run(int argc, char** argv) {
    using namespace exportgate;
    CLI::App app{
        "exportgate: conformance tests of torch.export for models that take cache classes as "
        "inputs.\n"
        "Exit codes: 0 good, 1 a verdict fails, 2 could not be judged, 130 interrupted."};
    app.name("exportgate");
    app.set_version_flag("--version", "exportgate " EXPORTGATE_VERSION);
    app.require_subcommand(0, 1);
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.get_formatter()->column_width(34);

    const project::Project project = project::current();
    int exit_code = cli::good;
    cli::add_init(app, project, exit_code);
    cli::add_try(app, project, exit_code);
    cli::add_run(app, project, exit_code);
    cli::add_check(app, project, exit_code);
    cli::add_merge(app, exit_code);
    cli::add_show(app, project, exit_code);
    cli::add_explain(app, project, exit_code);
    cli::add_review(app, project, exit_code);
    cli::add_accept(app, project, exit_code);
    cli::add_upgrade(app, project, exit_code);
    cli::add_bisect(app, project, exit_code);
    cli::add_repro(app, project, exit_code);
    cli::add_bench(app, project, exit_code);
    cli::add_report(app, project, exit_code);
    cli::add_matrix(app, project, exit_code);
    cli::add_list(app, project, exit_code);
    cli::add_env(app, project, exit_code);
    cli::add_normalize(app, exit_code);
    cli::add_diff(app, exit_code);

    if (argc < 2) {
        std::fputs(app.help().c_str(), stderr);
        return cli::cannot_judge;
    }
    const std::span<char* const> words(argv + 1, argv + argc);
    if (const std::optional<Error> unknown = unknown_command(app, words)) {
        return cli::finish(*unknown);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        // CLI11 counts --help and --version as such "errors", with code 0.
        if (problem.get_exit_code() == 0) return app.exit(problem);
        const bool is_unknown =
            problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
        if (const std::optional<Error> unknown = unknown_option(app); unknown && is_unknown)
            return cli::finish(*unknown);
        return cli::finish(
            Error{"", 0, problem.what(), "`" + meant(app) + " --help` shows what it takes"});
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) try {
    // Beyond `ulimit -f` a write then fails, with a reason, as on a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    return run(argc, argv);
} catch (const std::exception& problem) {
    return exportgate::cli::finish(exportgate::Error{
        "", 0, std::string("internal error: ") + problem.what(),
        "this is a bug of exportgate: please report it with the command that you typed"});
}
