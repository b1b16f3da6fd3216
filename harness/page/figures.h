// What is drawn, and the tables that say the same to those who cannot see it.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "report/json_parts.h"

namespace exportgate::page {

struct Point {
    double x = 0;  // layers
    double y = 0;  // ns per leaf
};

/// One line of a chart. Its style is its position among the series of all charts of a part, so that
/// an implementation looks the same everywhere.
struct Curve {
    std::string name;
    std::size_t style = 0;
    bool is_floor = false;  // dashed and grey
    std::vector<Point> points;
};

/// Time per leaf against layers, both axes logarithmic; bars where there is one number of layers.
struct Curves {
    std::string x_axis;  // "layers"; of bars "8 layers"
    std::string y_axis;  // "ns per leaf"
    double lowest = 0;   // the y axis, shared by charts beside each other
    double highest = 0;
    std::vector<Curve> curves;

    bool has_one_size() const {
        for (const Curve& curve : curves) {
            if (curve.points.size() != 1 ||
                curve.points.front().x != curves.front().points.front().x)
                return false;
        }
        return true;
    }
};

enum class RatioMark { faster, same, slower, inconclusive };

struct Ratio {
    std::string name;
    double ratio = 0;
    double low = 0;  // of the interval
    double high = 0;
    double threshold = 0;
    RatioMark mark{};
    std::string word;  // "same", "slower 1.12": what is written beside it
};

/// A row for each benchmark, its ratio with the interval, the axis logarithmic.
struct Ratios {
    std::string axis;  // "time of A / time of B"
    std::vector<Ratio> rows;
};

struct Figure {
    std::string name;         // of its file and its element: letters, digits, '-' and '_' only
    std::string title;        // above the chart
    std::string description;  // what is to be seen, for those who cannot see it
    std::variant<Curves, Ratios> content;
};

struct FigureRow {
    std::vector<std::string> cells;  // the first `headers` of the table are the row's own headers
    std::string mark;                // a verdict in words, or empty: how the row is set
};

struct FigureTable {
    std::string caption;
    std::size_t headers = 1;
    std::vector<std::string> columns;
    std::vector<FigureRow> rows;
};

/// Figures that are shown beside each other, with one table beneath.
struct FigureBlock {
    std::string heading;  // "kv_cache flatten"
    bool open = true;     // not folded
    std::vector<Figure> figures;
    FigureTable table;
};

/// One measurement file, or one session of A against B.
struct BenchmarkPart {
    std::string title;                  // "torch 2.13.0", "2.14.1 against 2.13.0"
    std::vector<std::string> facts;     // where and how it was measured, a line each
    std::vector<std::string> cautions;  // what must be read before the numbers
    std::string verdict;  // of a session; empty for measurements, which are not judged
    int exit_code = 0;
    std::vector<FigureBlock> blocks;
    std::vector<std::string> not_available;  // "kv_cache/...: no optree"
};

report::Json json_of(const BenchmarkPart& part);

/// SVG documents by the names of their figures.
using Drawings = std::map<std::string, std::string>;

/// The script that has gnuplot write each figure as NAME.svg into its working folder, in which no
/// text of a figure stands: marks are put in its place, which finish() replaces. So nothing that a
/// file says can become a command.
std::string gnuplot_script(const std::vector<Figure>& figures);

/// What gnuplot drew as it is shipped: its marks replaced, title and description for screen
/// readers, colours that follow light and dark, ids of its own. Error: it is no SVG, or a mark of
/// the figure is missing in it.
Result<std::string> finish(const Figure& figure, const std::string& drawn);

/// The style sheet's part that makes drawings within a page follow its theme.
std::string page_style();

/// Draws with gnuplot in `folder`, which is there and empty. Errors: gnuplot is not installed (the
/// remedy names the package) or fails, with what it said.
Result<Drawings> draw(const std::vector<Figure>& figures, const std::string& folder);

}  // namespace exportgate::page
