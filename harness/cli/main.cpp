#include <cstdio>
#include <exception>

#include "commands.h"
#include "terminal.h"

namespace {

int run(int argc, char** argv) {
    using namespace exportgate;
    CLI::App app{
        "exportgate: conformance tests of torch.export for models that take cache classes as "
        "inputs.\n"
        "Exit codes: 0 good, 1 a verdict fails, 2 could not be judged, 130 interrupted."};
    app.name("exportgate");
    app.set_version_flag("--version", "exportgate " EXPORTGATE_VERSION);
    app.require_subcommand(1);
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.get_formatter()->column_width(34);

    int exit_code = cli::good;
    cli::add_run(app, exit_code);
    cli::add_check(app, exit_code);
    cli::add_show(app, exit_code);
    cli::add_accept(app, exit_code);
    cli::add_list(app, exit_code);
    cli::add_normalize(app, exit_code);
    cli::add_diff(app, exit_code);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        // CLI11 counts --help and --version as such "errors", with code 0.
        return app.exit(problem) == 0 ? cli::good : cli::cannot_judge;
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) try {
    return run(argc, argv);
} catch (const std::exception& problem) {
    exportgate::cli::print_error(
        {"", 0, std::string("internal error: ") + problem.what(),
         "this is a bug of exportgate: please report it with the command that you typed"});
    return exportgate::cli::cannot_judge;
}
