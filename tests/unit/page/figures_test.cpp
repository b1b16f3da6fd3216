#include "page/figures.h"

#include <gmock/gmock.h>

#include <pugixml.hpp>

namespace exportgate::page {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile =
    "'; system(\"touch /tmp/x\") `id` <script>alert(1)</script> @title0@";

Figure curves_figure(const std::string& name_of_a_curve = "pytree") {
    Curves chart{"layers", "ns per leaf", 5, 500, {}};
    chart.curves.push_back({name_of_a_curve, 1, false, {{1, 300}, {32, 90}}});
    chart.curves.push_back({"floor", 0, true, {{1, 20}, {32, 8}}});
    return {"kv_cache-flatten-plain", "kv_cache flatten, plain", "falls", chart};
}

/// As gnuplot writes it, for each of these texts.
std::string drawn(const std::vector<std::string>& texts) {
    std::string text =
        "<?xml version=\"1.0\"?><svg viewBox=\"0 0 9 9\"><title>Gnuplot</title><g "
        "id=\"gnuplot_canvas\"><defs><circle id='gpPt6' r='1'/><circle id='gpPt7' "
        "r='1'/></defs><g fill='none'></g>";
    for (const auto& each : texts)
        text += "<g fill='rgb( 31,  35, 40)'><text>" + each + "</text></g>";
    return text + "<use xlink:href='#gpPt6' color='rgb( 10, 92,194)'/></g></svg>";
}

const std::vector<std::string> all_marks{"@title0@", "@x0@", "@y0@", "@curve0@", "@curve1@"};

TEST(Figures, NoTextOfAFigureReachesTheScript) {
    Figure figure = curves_figure(hostile);
    figure.title = hostile;
    std::get<Curves>(figure.content).x_axis = hostile;
    Figure ratios{"r", hostile, hostile,
                  Ratios{hostile, {{hostile, 1, 0.9, 1.1, 1.05, RatioMark::same, hostile}}}};
    const std::string script = gnuplot_script({figure, ratios});
    EXPECT_THAT(script, Not(HasSubstr("system(")));
    EXPECT_THAT(script, Not(HasSubstr("script>")));
    EXPECT_THAT(script, Not(HasSubstr("`")));
}

TEST(Figures, OneSizeIsBarsFromZero) {
    Figure figure = curves_figure();
    Curves& chart = std::get<Curves>(figure.content);
    for (Curve& curve : chart.curves)
        curve.points.resize(1);
    const std::string script = gnuplot_script({figure});
    EXPECT_THAT(script, HasSubstr("set xrange [0:300]"));
    EXPECT_THAT(script, HasSubstr("rectangle from 0, first 0.2 to 300, first 0.8"));
    EXPECT_THAT(script, HasSubstr("rectangle from 0, first 1.2 to 20, first 1.8"));
    EXPECT_THAT(script, Not(HasSubstr("logscale")));
    chart.curves[1].points[0].x = 2;
    EXPECT_THAT(gnuplot_script({figure}), HasSubstr("logscale"));
}

TEST(Figures, MarksBecomeTexts) {
    const Result<std::string> svg = finish(curves_figure(), drawn(all_marks));
    ASSERT_TRUE(svg);
    for (const char* text : {"kv_cache flatten, plain", "ns per leaf", "layers", "pytree", "floor"})
        EXPECT_THAT(*svg, HasSubstr(std::string("<text>") + text + "</text>"));
    EXPECT_THAT(*svg, Not(HasSubstr("0@")));
}

TEST(Figures, AHostileNameIsTextInTheDrawing) {
    const Result<std::string> svg = finish(curves_figure(hostile), drawn(all_marks));
    ASSERT_TRUE(svg);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(svg->c_str()));
    EXPECT_FALSE(document.find_node(
        [](pugi::xml_node node) { return std::string(node.name()) == "script"; }));
    EXPECT_THAT(*svg, HasSubstr("&lt;script&gt;"));
}

TEST(Figures, AMarkThatIsNotThereIsAnError) {
    auto marks = all_marks;
    marks.pop_back();
    const Result<std::string> svg = finish(curves_figure(), drawn(marks));
    ASSERT_FALSE(svg);
    EXPECT_THAT(svg.error().what, HasSubstr("left out \"floor\""));
}

TEST(Figures, WhatIsNoSvgIsAnError) {
    EXPECT_FALSE(finish(curves_figure(), "gnuplot: bad"));
    EXPECT_FALSE(finish(curves_figure(), ""));
    EXPECT_FALSE(finish(curves_figure(), "<svg><g>"));
}

TEST(Figures, ColoursHaveADarkTwin) {
    const Result<std::string> svg = finish(curves_figure(), drawn(all_marks));
    ASSERT_TRUE(svg);
    EXPECT_THAT(*svg, HasSubstr("fill=\"#1f2328\""));
    EXPECT_THAT(*svg, HasSubstr("@media (prefers-color-scheme:dark){"));
    EXPECT_THAT(*svg, HasSubstr("[fill=\"#1f2328\"]{fill:#e6edf3}"));
    EXPECT_THAT(page_style(), HasSubstr("[fill=\"#1f2328\"]{fill:light-dark(#1f2328,#e6edf3)}"));
}

TEST(Figures, IdsAreOfTheFigureAndUnusedSymbolsAreLeftOut) {
    const Result<std::string> svg = finish(curves_figure(), drawn(all_marks));
    ASSERT_TRUE(svg);
    EXPECT_THAT(*svg, HasSubstr("id=\"kv_cache-flatten-plain-gpPt6\""));
    EXPECT_THAT(*svg, HasSubstr("href=\"#kv_cache-flatten-plain-gpPt6\""));
    EXPECT_THAT(*svg, Not(HasSubstr("gpPt7")));
}

TEST(Figures, AScreenReaderIsToldWhatIsToBeSeen) {
    const Result<std::string> svg = finish(curves_figure(), drawn(all_marks));
    ASSERT_TRUE(svg);
    EXPECT_THAT(*svg, HasSubstr("role=\"img\""));
    EXPECT_THAT(*svg, HasSubstr("<desc id=\"kv_cache-flatten-plain-description\">falls</desc>"));
    EXPECT_THAT(*svg, Not(HasSubstr("Gnuplot")));
}

}  // namespace
}  // namespace exportgate::page
