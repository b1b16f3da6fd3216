#include "graph/operators.h"

#include "base/text.h"
#include "graph/concat.h"
#include "graph/operator_table.h"

namespace exportgate::graph {
namespace {

constexpr std::string_view prefix = "torch.ops.";

/// The lines of operators.tsv by the names of their operators, "aten::add.Tensor".
struct Table {
    std::vector<std::string_view> lines;
    NameTable numbers;

    Table() {
        for (const std::string_view part : operator_table()) {
            for (const std::string_view line : split(part, '\n')) {
                if (line.empty()) continue;
                numbers.insert(line.substr(0, line.find('(')),
                               static_cast<std::uint32_t>(lines.size()));
                lines.push_back(line);
            }
        }
    }
};

/// "aten::add.Tensor" for "aten.add.Tensor", "aten::cat" for "aten.cat.default".
std::string schema_name(std::string_view name) {
    constexpr std::string_view overload = ".default";
    if (name.ends_with(overload)) name.remove_suffix(overload.size());
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return std::string(name);
    return concat({name.substr(0, dot), "::", name.substr(dot + 1)});
}

void read_line(std::string_view line, Operator& described) {
    const std::size_t tab = line.find('\t');
    const std::string_view words = line.substr(std::min(line.size(), tab));
    described.reference = parse_schema(line.substr(0, tab));
    described.is_seeded = words.find("seeded") != std::string_view::npos;
    described.is_composite = words.find("composite") != std::string_view::npos;
}

}  // namespace

Operator& Operators::find(std::string_view target) {
    if (const auto number = numbers_.find(target)) return operators_[*number];
    numbers_.insert(target, static_cast<std::uint32_t>(operators_.size()));
    names_.push_back(target);
    Operator& described = operators_.emplace_back();
    if (!target.starts_with(prefix)) return described;
    const std::string_view name = target.substr(prefix.size());
    static const Table table;
    std::string_view schema;
    if (const auto line = table.numbers.find(schema_name(name))) {
        schema = table.lines[*line].substr(0, table.lines[*line].find('\t'));
        read_line(table.lines[*line], described);
    }
    const auto observed = observed_.find(name);
    if (observed != observed_.end()) {
        described.observed = parse_schema(observed->second);
        described.has_one_schema = observed->second == schema;
    }
    return described;
}

std::vector<std::string> Operators::assumed() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < operators_.size(); ++i) {
        if (operators_[i].is_assumed) names.emplace_back(names_[i].substr(prefix.size()));
    }
    return names;
}

}  // namespace exportgate::graph
