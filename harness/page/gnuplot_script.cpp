#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "page/figures.h"
#include "page/palette.h"

namespace exportgate::page {
namespace {

constexpr int curves_width = 330;
constexpr int curves_height = 260;
constexpr int ratios_width = 640;
constexpr int ratio_row = 20;
constexpr int ratios_margins = 96;
constexpr std::string_view font = "system-ui,-apple-system,Segoe UI,Roboto,sans-serif";
constexpr double pixels_of_character = 6.6;  // of the font at 11 points, on the safe side

/// A text of a figure is set by this mark; finish() puts the text there.
std::string mark(std::string_view what, std::size_t number = 0) {
    return fmt::format("@{}{}@", what, number);
}

std::string head(const Figure& figure, int width, int height) {
    return fmt::format(
        "reset\n"
        "set terminal svg size {},{} dynamic font '{},12' noenhanced linewidth 1\n"
        "set output '{}.svg'\n"
        "unset key\n"
        "set border 0\n"
        "set label 9001 '{}' at screen {:.4f}, screen {:.4f} left font ',13' tc rgb '{}'\n",
        width, height, font, figure.name, mark("title"), 12.0 / width, 1 - 16.0 / height,
        colours::ink.light);
}

/// 1, 2, 5, 10, 20, ... from `low` to `high`; only powers of ten over a wide range.
std::vector<double> round_numbers(double low, double high) {
    std::vector<double> numbers;
    const bool wide = high / low > 60;
    for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
        for (const double step : wide ? std::vector<double>{1} : std::vector<double>{1, 2, 5}) {
            const double number = decade * step;
            if (number >= low * 0.999 && number <= high * 1.001) numbers.push_back(number);
        }
    }
    return numbers;
}

std::string tics(const std::vector<double>& at) {
    std::string text;
    for (const double number : at)
        text += fmt::format("{}'{:g}' {:g}", text.empty() ? "" : ", ", number, number);
    return text;
}

/// Where the names of the curves stand at the right end, pushed apart so that they do not overlap.
/// In pixels from the lower end of the axis.
std::vector<double> spread(std::vector<std::pair<double, std::size_t>> wanted, double height) {
    constexpr double distance = 14;
    std::sort(wanted.begin(), wanted.end());
    std::vector<double> places;
    for (const auto& [place, curve] : wanted)
        places.push_back(places.empty() ? place : std::max(place, places.back() + distance));
    double limit = height;
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        *place = std::min(*place, limit);
        limit = *place - distance;
    }
    std::vector<double> by_curve(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        by_curve[wanted[i].second] = places[i];
    return by_curve;
}

std::string data_block(std::size_t number, const std::vector<Point>& points) {
    std::string text = fmt::format("$d{} << END\n", number);
    for (const Point& point : points)
        text += fmt::format("{:g} {:g}\n", point.x, point.y);
    return text + "END\n";
}

/// Of one number of layers: a bar for each curve from zero, with its value, since there is no slope
/// to be seen.
std::string bars(const Figure& figure, const Curves& chart) {
    constexpr double left = 86;
    constexpr double right = 58;
    constexpr double top = 54;
    constexpr double bottom = 22;
    constexpr double row = 24;
    const auto rows = static_cast<double>(chart.curves.size());
    const double height = top + rows * row + bottom;
    double longest = 0;
    for (const Curve& curve : chart.curves)
        longest = std::max(longest, curve.points.front().y);
    std::string text = head(figure, curves_width, static_cast<int>(height));
    text += fmt::format(
        "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
        "set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
        "set xrange [0:{:g}]\nset yrange [{:g}:0]\nunset xtics\nunset ytics\n"
        "set label 9002 '{}' at screen {:.4f}, screen {:.4f} left font ',11' tc rgb '{}'\n"
        "set label 9003 '{}' at screen {:.4f}, screen {:.4f} left font ',11' tc rgb '{}'\n",
        left / curves_width, 1 - right / curves_width, 1 - top / height, bottom / height, longest,
        rows, mark("y"), 12.0 / curves_width, 1 - 35.0 / height, colours::quiet.light, mark("x"),
        12.0 / curves_width, 10.0 / height, colours::quiet.light);
    for (std::size_t i = 0; i < chart.curves.size(); ++i) {
        const Curve& curve = chart.curves[i];
        const auto& colour = curve.is_floor ? colours::quiet : colours::series(curve.style);
        const double y = static_cast<double>(i);
        const double value = curve.points.front().y;
        text += fmt::format(
            "set label {} '{}' at screen {:.4f}, first {:g} left font ',11' tc rgb '{}'\n"
            "set label {} '{:.{}f}' at first {:g}, first {:g} left offset 0.6,0 font ',11' tc rgb "
            "'{}'\n"
            "set object {} rectangle from 0, first {:g} to {:g}, first {:g} fillcolor rgb '{}' "
            "fillstyle solid noborder\n",
            i + 1, mark("curve", i), 12.0 / curves_width, y + 0.5, colour.light, i + 1001, value,
            value < 99.95 ? 1 : 0, value, y + 0.5, colours::ink.light, i + 1, y + 0.2, value,
            y + 0.8, colour.light);
    }
    return text + fmt::format("plot NaN lc rgb '{}'\nunset output\n", colours::quiet.light);
}

std::string script(const Figure& figure, const Curves& chart) {
    if (chart.has_one_size()) return bars(figure, chart);
    constexpr double left = 42;
    constexpr double right = 80;
    constexpr double top = 54;
    constexpr double bottom = 44;
    constexpr double height = curves_height - top - bottom;
    std::vector<double> layers;
    for (const Curve& curve : chart.curves) {
        for (const Point& point : curve.points)
            layers.push_back(point.x);
    }
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    const double first = layers.empty() ? 1 : layers.front() / 1.15;
    const double last = layers.empty() ? 10 : layers.back() * 1.15;
    const double decades = std::log(chart.highest / chart.lowest);

    std::string text = head(figure, curves_width, curves_height);
    text += fmt::format(
        "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
        "set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
        "set logscale xy\nset xrange [{:g}:{:g}]\nset yrange [{:g}:{:g}]\n"
        "set border 1 lc rgb '{}'\n"
        "set xtics ({}) nomirror scale 0.5,0 font ',11' tc rgb '{}'\n"
        "set ytics ({}) nomirror scale 0,0 font ',11' tc rgb '{}'\n"
        "set grid ytics lt 1 lc rgb '{}' lw 1\n"
        "set label 9002 '{}' at screen {:.4f}, screen {:.4f} left font ',11' tc rgb '{}'\n"
        "set label 9003 '{}' at graph 0.5, screen {:.4f} center font ',11' tc rgb '{}'\n",
        left / curves_width, 1 - right / curves_width, 1 - top / curves_height,
        bottom / curves_height, first, last, chart.lowest, chart.highest, colours::axis.light,
        tics(layers), colours::quiet.light, tics(round_numbers(chart.lowest, chart.highest)),
        colours::quiet.light, colours::grid.light, mark("y"), 12.0 / curves_width,
        1 - 35.0 / curves_height, colours::quiet.light, mark("x"), 12.0 / curves_height,
        colours::quiet.light);

    std::vector<std::pair<double, std::size_t>> wanted;
    for (std::size_t i = 0; i < chart.curves.size(); ++i) {
        const double end = chart.curves[i].points.back().y;
        wanted.emplace_back(height * std::log(end / chart.lowest) / decades, i);
    }
    const auto places = spread(wanted, height);
    std::string plots;
    for (std::size_t i = 0; i < chart.curves.size(); ++i) {
        const Curve& curve = chart.curves[i];
        const auto& colour = curve.is_floor ? colours::quiet : colours::series(curve.style);
        text += data_block(i, curve.points);
        text += fmt::format(
            "set label {} '{}' at screen {:.4f}, screen {:.4f} left font ',11' tc rgb '{}'\n",
            i + 1, mark("curve", i), 1 - (right - 9) / curves_width,
            (bottom + places[i]) / curves_height, colour.light);
        plots += fmt::format(
            "{}$d{} using 1:2 with {} lc rgb '{}' {}", plots.empty() ? "plot " : ", ", i,
            curve.is_floor ? "lines" : "linespoints", colour.light,
            curve.is_floor ? std::string("lw 1.6 dt (5,4)")
                           : fmt::format("lw 1.8 pt {} ps {}", colours::symbol(curve.style),
                                         curve.points.size() > 1 ? "0.6" : "0.7"));
    }
    return text + plots + "\nunset output\n";
}

struct Look {
    const colours::Colour* colour;
    int symbol;
};

Look look(RatioMark mark) {
    switch (mark) {
        case RatioMark::faster:
            return {&colours::better, 10};
        case RatioMark::same:
            return {&colours::quiet, 7};
        case RatioMark::slower:
            return {&colours::worse, 9};
        case RatioMark::inconclusive:
            return {&colours::unsure, 12};
    }
    return {&colours::quiet, 7};
}

std::size_t longest(const std::vector<Ratio>& rows, std::string Ratio::*text) {
    std::size_t most = 0;
    for (const Ratio& row : rows)
        most = std::max(most, (row.*text).size());
    return most;
}

/// Round ratios around 1, from a tenth to ten.
std::vector<double> ratio_tics(double low, double high) {
    constexpr std::array all{0.1,  0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0,
                             1.05, 1.1, 1.2, 1.5, 2.0, 5.0, 10.0};
    const bool narrow = high / low < 1.5;
    std::vector<double> chosen;
    for (const double each : all) {
        const bool fine = each == 0.95 || each == 1.05;
        if (each >= low && each <= high && (narrow || !fine)) chosen.push_back(each);
    }
    return chosen;
}

std::string script(const Figure& figure, const Ratios& chart) {
    const auto rows = chart.rows.size();
    const int height = ratios_margins + static_cast<int>(rows) * ratio_row;
    // The verdict stands beside the name: on a small screen the plot is what has to be scrolled to.
    const double words =
        22 + pixels_of_character * static_cast<double>(longest(chart.rows, &Ratio::name));
    const double left =
        words + 14 + pixels_of_character * static_cast<double>(longest(chart.rows, &Ratio::word));
    constexpr double right = 16;
    double low = 0.93;
    double high = 1.07;
    double threshold = 0;
    for (const Ratio& row : chart.rows) {
        low = std::min({low, row.low / 1.02, 1 / row.threshold / 1.01});
        high = std::max({high, row.high * 1.02, row.threshold * 1.01});
        threshold = std::max(threshold, row.threshold);
    }
    std::string text = head(figure, ratios_width, height);
    text += fmt::format(
        "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
        "set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
        "set logscale x\nset xrange [{:g}:{:g}]\nset yrange [{:g}:0.4]\n"
        "set border 1 lc rgb '{}'\n"
        "set xtics ({}) nomirror scale 0.5,0 font ',11' tc rgb '{}'\n"
        "unset ytics\nset grid xtics lt 1 lc rgb '{}' lw 1\n"
        "set arrow 1 from 1, graph 0 to 1, graph 1 nohead lw 1.4 lc rgb '{}'\n"
        "set label 9003 '{}' at graph 0.5, screen {:.4f} center font ',11' tc rgb '{}'\n",
        left / ratios_width, 1 - right / ratios_width, 1 - 34.0 / height, 50.0 / height, low, high,
        static_cast<double>(rows) + 0.6, colours::axis.light, tics(ratio_tics(low, high)),
        colours::quiet.light, colours::grid.light, colours::quiet.light, mark("x"), 14.0 / height,
        colours::quiet.light);
    std::string plots;
    for (std::size_t i = 0; i < rows; ++i) {
        const Ratio& row = chart.rows[i];
        const Look at = look(row.mark);
        const double y = static_cast<double>(i) + 1;
        text += fmt::format(
            "set label {} '{}' at screen {:.4f}, first {:g} left font ',11' tc rgb '{}'\n"
            "set label {} '{}' at screen {:.4f}, first {:g} left font ',11' tc rgb '{}'\n"
            "set arrow {} from {:g}, first {:g} to {:g}, first {:g} nohead lw 1.4 lc rgb '{}'\n",
            i + 1, mark("row", i), 12.0 / ratios_width, y, colours::ink.light, i + 2001,
            mark("word", i), words / ratios_width, y, at.colour->light, i + 1001, row.threshold,
            y - 0.36, row.threshold, y + 0.36, colours::worse.light);
        text += fmt::format("$d{} << END\n{:g} {:g} {:g} {:g}\nEND\n", i, row.ratio, y, row.low,
                            row.high);
        plots += fmt::format("{}$d{} using 1:2:3:4 with xerrorbars lc rgb '{}' lw 1.6 pt {} ps 0.6",
                             plots.empty() ? "plot " : ", ", i, at.colour->light, at.symbol);
    }
    return text + "set bars 0\n" + plots + "\nunset output\n";
}

}  // namespace

std::string gnuplot_script(const std::vector<Figure>& figures) {
    std::string text = "set encoding utf8\n";
    for (const Figure& figure : figures)
        text +=
            std::visit([&](const auto& chart) { return script(figure, chart); }, figure.content);
    return text;
}

}  // namespace exportgate::page
