#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "base/printable.h"
#include "page/figures.h"
#include "page/palette.h"

namespace exportgate::page {
namespace {

using Marks = std::map<std::string, std::string>;

Marks marks_of(const Figure& figure) {
    Marks marks{{"@title0@", figure.title}};
    if (const auto* curves = std::get_if<Curves>(&figure.content)) {
        marks["@x0@"] = curves->x_axis;
        marks["@y0@"] = curves->y_axis;
        for (std::size_t i = 0; i < curves->curves.size(); ++i)
            marks[fmt::format("@curve{}@", i)] = curves->curves[i].name;
    } else {
        const auto& ratios = std::get<Ratios>(figure.content);
        marks["@x0@"] = ratios.axis;
        for (std::size_t i = 0; i < ratios.rows.size(); ++i) {
            marks[fmt::format("@row{}@", i)] = ratios.rows[i].name;
            marks[fmt::format("@word{}@", i)] = ratios.rows[i].word;
        }
    }
    return marks;
}

/// "rgb(  9, 105, 218)" as "#0969da"; anything else as it is.
std::string hexadecimal(const char* colour) {
    int red = 0;
    int green = 0;
    int blue = 0;
    if (std::sscanf(colour, "rgb( %d , %d , %d )", &red, &green, &blue) != 3) return colour;
    return fmt::format("#{:02x}{:02x}{:02x}", red, green, blue);
}

/// A rule for every colour, by what gnuplot wrote it as.
template <class Value>
std::string rules(Value value) {
    std::string text;
    const auto add = [&](const colours::Colour& colour) {
        for (const std::string_view property : {"stroke", "fill", "color"})
            text += fmt::format("[{0}=\"{1}\"]{{{0}:{2}}}", property, colour.light, value(colour));
    };
    for (const auto& colour : colours::named)
        add(colour);
    for (const auto& colour : colours::all_series)
        add(colour);
    return text;
}

class Finisher {
  public:
    explicit Finisher(const Figure& figure) : figure_(figure), marks_(marks_of(figure)) {}

    std::string page_style() {
        return rules([](const colours::Colour& colour) {
            return fmt::format("light-dark({},{})", colour.light, colour.dark);
        });
    }

    Result<std::string> finish(const std::string& drawn) {
        pugi::xml_document document;
        const auto parsed = document.load_string(drawn.c_str());
        pugi::xml_node svg = document.child("svg");
        if (!parsed || !svg) {
            return tl::unexpected(Error{figure_.name + ".svg", 0, "gnuplot drew no SVG",
                                        "run the same command again"});
        }
        clean(svg);
        remove_unused(svg);
        for (const auto& [mark, text] : marks_) {
            if (found_.contains(mark)) continue;
            return tl::unexpected(Error{figure_.name + ".svg", 0,
                                        "gnuplot left out \"" + printable(text) + "\"",
                                        "this is a bug of exportgate: please report it"});
        }
        describe(svg);
        std::ostringstream text;
        document.child("svg").print(text, "", pugi::format_raw);
        return text.str() + "\n";
    }

  private:
    /// True where nothing is left of the node.
    bool clean(pugi::xml_node node) {
        if (node.type() == pugi::node_pcdata) {
            const auto at = marks_.find(node.value());
            if (at != marks_.end()) {
                found_.insert(at->first);
                node.set_value(printable(at->second).c_str());
            }
            return false;
        }
        for (pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name == "fill" || name == "stroke" || name == "color")
                attribute.set_value(hexadecimal(attribute.value()).c_str());
            if (name == "id") attribute.set_value(unique(attribute.value()).c_str());
            if (name == "xlink:href" && attribute.value()[0] == '#') {
                const std::string target = unique(attribute.value() + 1);
                used_.insert(target);
                attribute.set_value(("#" + target).c_str());
            }
        }
        for (pugi::xml_node child = node.first_child(); child;) {
            const pugi::xml_node next = child.next_sibling();
            const std::string_view name = child.name();
            // gnuplot's own titles are its commands, and would be shown as tool tips.
            const bool is_waste = name == "title" || name == "desc" || name == "filter";
            if (is_waste || clean(child)) node.remove_child(child);
            child = next;
        }
        return std::string_view(node.name()) == "g" && !node.first_child();
    }

    /// Symbols that nothing refers to. One may refer to another, which stands before it.
    void remove_unused(pugi::xml_node svg) {
        pugi::xml_node defs = svg.child("g").child("defs");
        for (pugi::xml_node child = defs.first_child(); child;) {
            const pugi::xml_node next = child.next_sibling();
            if (!used_.contains(child.attribute("id").value())) defs.remove_child(child);
            child = next;
        }
    }

    void describe(pugi::xml_node svg) {
        const std::string title = figure_.name + "-title";
        const std::string description = figure_.name + "-description";
        // By itself it is shown in its own size; within a page, in that of its place.
        int width = 0;
        int height = 0;
        if (std::sscanf(svg.attribute("viewBox").value(), "0 0 %d %d", &width, &height) == 2) {
            svg.append_attribute("width") = width;
            svg.append_attribute("height") = height;
        }
        svg.append_attribute("role") = "img";
        svg.append_attribute("aria-labelledby") = (title + " " + description).c_str();
        add_text(svg.prepend_child("style"), "", style());
        add_text(svg.prepend_child("desc"), description, figure_.description);
        add_text(svg.prepend_child("title"), title, figure_.title);
    }

    static void add_text(pugi::xml_node node, const std::string& id, const std::string& text) {
        if (!id.empty()) node.append_attribute("id") = id.c_str();
        node.append_child(pugi::node_pcdata).set_value(printable(text).c_str());
    }

    /// A file of its own follows the reader's setting; within a page, its style says the same.
    static std::string style() {
        return "@media (prefers-color-scheme:dark){" +
               rules([](const colours::Colour& colour) { return std::string(colour.dark); }) + "}";
    }

    std::string unique(const std::string& id) const {
        return figure_.name + "-" + id;
    }

    const Figure& figure_;
    Marks marks_;
    std::set<std::string> found_;
    std::set<std::string> used_;
};

}  // namespace

std::string page_style() {
    return rules([](const colours::Colour& colour) {
        return fmt::format("light-dark({},{})", colour.light, colour.dark);
    });
}

Result<std::string> finish(const Figure& figure, const std::string& drawn) {
    return Finisher(figure).finish(drawn);
}

}  // namespace exportgate::page
