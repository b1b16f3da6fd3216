#include "base/files.h"
#include "base/text.h"
#include "environment/command.h"
#include "page/figures.h"

namespace exportgate::page {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view remedy =
    "install it (Debian and Ubuntu: apt-get install gnuplot-nox), or leave the charts away with "
    "--no-charts";

/// gnuplot writes into the folder in which it runs; -d keeps a person's own settings out.
Result<void> run_gnuplot(const fs::path& folder, const fs::path& script) {
    Result<environment::Commands> commands =
        environment::Commands::with_log(folder / "gnuplot.log", {});
    if (!commands) return tl::unexpected(commands.error());
    const Result<environment::Finished> finished =
        commands->run("draw the charts",
                      {"gnuplot", "-d", "-e", "cd '" + folder.string() + "'", script.string()});
    if (!finished) {
        return tl::unexpected(Error{"", 0, "the charts cannot be drawn: gnuplot is not installed",
                                    std::string(remedy)});
    }
    if (finished->ending == environment::Ending::good) return {};
    const auto lines = environment::lines_that_matter(finished->output, 4);
    return tl::unexpected(Error{
        "", 0, "gnuplot could not draw the charts (" + finished->how + "): " + join(lines, "; "),
        "--no-charts leaves them away"});
}

}  // namespace

Result<Drawings> draw(const std::vector<Figure>& figures, const std::string& folder) {
    Drawings drawings;
    if (figures.empty()) return drawings;
    const fs::path script = fs::path(folder) / "figures.gp";
    if (Result<void> written = write_file(script, gnuplot_script(figures)); !written)
        return tl::unexpected(written.error());
    if (Result<void> drawn = run_gnuplot(folder, script); !drawn)
        return tl::unexpected(drawn.error());
    for (const Figure& figure : figures) {
        const Result<std::string> raw = read_file(fs::path(folder) / (figure.name + ".svg"));
        if (!raw) return tl::unexpected(raw.error());
        Result<std::string> finished = finish(figure, *raw);
        if (!finished) return tl::unexpected(finished.error());
        drawings.emplace(figure.name, std::move(*finished));
    }
    return drawings;
}

}  // namespace exportgate::page
