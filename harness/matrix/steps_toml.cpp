#include "matrix/steps_toml.h"

#include <fmt/format.h>

#include <algorithm>

#include "matrix/polynomial.h"

namespace exportgate::matrix {
namespace {

constexpr std::string_view example = "returned = { cache = \"present\" }";
constexpr std::string_view example_in_place = "in_place = [\"cache\"]";
constexpr std::string_view example_count = "counts_up = { position = 1 }";

const std::vector<std::string>& steps_keys() {
    static const std::vector<std::string> names{"returned", "in_place", "counts_up", "calls"};
    return names;
}

class StepsReader {
  public:
    StepsReader(const Case& one, Mistakes& mistakes) : case_(one), mistakes_(mistakes) {}

    Steps read(const Entry& entry, const toml::table& table) {
        for (const Entry& one : entries_of(table)) {
            if (one.name == "returned") {
                read_returned(one);
            } else if (one.name == "in_place") {
                read_in_place(one);
            } else if (one.name == "counts_up") {
                read_counts_up(one);
            } else if (one.name == "calls") {
                read_calls(one);
            } else {
                mistakes_.add(one.line, fmt::format("unknown key \"{}\" of [steps]", one.name),
                              suggestion(one.name, steps_keys()));
            }
        }
        if (steps_.returned.empty() && steps_.in_place.empty() && mistakes_.none())
            mistakes_.add(entry.line, "[steps] says nothing that goes into the next call",
                          fmt::format("write {}, or {}", example, example_in_place));
        return std::move(steps_);
    }

  private:
    /// A mistake where no leaf is of that name, or one that is taken already.
    bool is_input(const std::string& name, int line) {
        const std::vector<const Leaf*> found = leaves_of(case_.inputs, name);
        if (found.empty()) {
            mistakes_.add(line, fmt::format("[steps] names the input \"{}\", which is none", name),
                          suggestion(name, names_of(case_.inputs)));
            return false;
        }
        for (const Leaf* leaf : found) {
            if (std::find(taken_.begin(), taken_.end(), leaf) != taken_.end()) {
                mistakes_.add(line, fmt::format("[steps] says twice what {} is next", leaf->name),
                              "name it in one place");
                return false;
            }
            taken_.push_back(leaf);
        }
        return are_neighbours(found, case_.inputs, name, line);
    }

    /// A mistake where other leaves lie between: then no one object holds them.
    bool are_neighbours(const std::vector<const Leaf*>& found, const std::vector<Leaf>& leaves,
                        const std::string& name, int line) {
        const auto span = static_cast<std::size_t>(found.back() - found.front()) + 1;
        if (span == found.size()) return true;
        const auto& other = *std::find_if(
            leaves.begin() + (found.front() - leaves.data()), leaves.end(), [&](const Leaf& leaf) {
                return std::find(found.begin(), found.end(), &leaf) == found.end();
            });
        mistakes_.add(line,
                      fmt::format("no one object holds the leaves of \"{}\": {} lies between them",
                                  name, other.name),
                      "name what holds them all, or each leaf");
        return false;
    }

    const toml::table* table_of(const Entry& entry, std::string_view remedy) {
        if (const auto* table = entry.value->as_table()) return table;
        mistakes_.add(
            entry.line,
            fmt::format("{} of [steps] is {}, expected a table", entry.name, kind_of(*entry.value)),
            fmt::format("write {}", remedy));
        return nullptr;
    }

    static std::vector<std::string> names_of(const std::vector<Leaf>& leaves) {
        std::vector<std::string> names;
        for (const Leaf& leaf : leaves) {
            const std::string argument = leaf.name.substr(0, leaf.name.find_first_of(".["));
            if (names.empty() || names.back() != argument) names.push_back(argument);
        }
        return names;
    }

    void read_returned(const Entry& entry) {
        const toml::table* table = table_of(entry, example);
        if (table == nullptr) return;
        for (const Entry& one : entries_of(*table)) {
            const std::string output = read_string(one, mistakes_);
            if (!one.value->is_string() || !is_input(one.name, one.line)) continue;
            check_output(one, output);
            steps_.returned[one.name] = output;
        }
    }

    /// Whether `output` can be the input `entry.name` in the next call.
    void check_output(const Entry& entry, const std::string& output) {
        const std::vector<const Leaf*> inputs = leaves_of(case_.inputs, entry.name);
        const std::vector<const Leaf*> outputs = leaves_of(case_.outputs, output);
        if (outputs.empty()) {
            mistakes_.add(entry.line,
                          fmt::format("[steps] names the output \"{}\", which is none", output),
                          suggestion(output, names_of(case_.outputs)));
            return;
        }
        if (outputs.size() != inputs.size()) {
            mistakes_.add(entry.line,
                          fmt::format("the output \"{}\" has {} leaves, the input \"{}\" {}",
                                      output, outputs.size(), entry.name, inputs.size()),
                          "name the output that is this input in the next call");
            return;
        }
        if (!are_neighbours(outputs, case_.outputs, output, entry.line)) return;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const Leaf& from = *outputs[i];
            const Leaf& to = *inputs[i];
            if (from.constant || to.constant) continue;
            if (from.dtype == to.dtype && from.shape.size() == to.shape.size()) continue;
            mistakes_.add(
                entry.line,
                fmt::format("the output {} is {} of {} dims, the input {} is {} of {}", from.name,
                            from.dtype, from.shape.size(), to.name, to.dtype, to.shape.size()),
                "name the output that is this input in the next call");
            return;
        }
    }

    void read_in_place(const Entry& entry) {
        const toml::array* array = entry.value->as_array();
        if (array == nullptr) {
            mistakes_.add(
                entry.line,
                fmt::format("in_place of [steps] is {}, expected an array", kind_of(*entry.value)),
                fmt::format("write {}", example_in_place));
            return;
        }
        for (const toml::node& node : *array) {
            const auto* name = node.as_string();
            if (name == nullptr) {
                mistakes_.add(line_of(node),
                              fmt::format("in_place holds {}, expected names", kind_of(node)),
                              fmt::format("write {}", example_in_place));
            } else if (is_input(name->get(), line_of(node))) {
                steps_.in_place.push_back(name->get());
            }
        }
    }

    void read_counts_up(const Entry& entry) {
        const toml::table* table = table_of(entry, example_count);
        if (table == nullptr) return;
        for (const Entry& one : entries_of(*table)) {
            if (!is_input(one.name, one.line)) continue;
            const Leaf& leaf = *leaves_of(case_.inputs, one.name).front();
            if (leaf.name != one.name || leaf.constant ||
                leaf.dtype.find("int") == leaf.dtype.npos) {
                mistakes_.add(one.line, fmt::format("\"{}\" is no integer tensor", one.name),
                              "a number of Python that is an extent follows the cache by itself");
                continue;
            }
            if (const auto by = by_of(one)) steps_.counts_up[one.name] = *by;
        }
    }

    std::optional<Extent> by_of(const Entry& entry) {
        const std::string remedy = "write 1, or a dim of the case";
        if (const auto* text = entry.value->as_string()) {
            const auto polynomial = Polynomial::parse(text->get());
            const auto is_dim = [&](const std::string& name) {
                return std::any_of(case_.dims.begin(), case_.dims.end(),
                                   [&](const Dim& dim) { return dim.name == name; });
            };
            const auto names = polynomial ? polynomial->names() : std::vector<std::string>{};
            if (!names.empty() && std::all_of(names.begin(), names.end(), is_dim))
                return polynomial->text();
            mistakes_.add(
                entry.line,
                fmt::format("\"{}\" counts up by \"{}\", which is no dim", entry.name, text->get()),
                remedy);
            return std::nullopt;
        }
        const auto number = read_integer(
            *entry.value, fmt::format("what \"{}\" counts up by", entry.name), mistakes_);
        if (number && *number < 1)
            mistakes_.add(entry.line, fmt::format("\"{}\" counts up by {}", entry.name, *number),
                          remedy);
        return number ? std::optional<Extent>(*number) : std::nullopt;
    }

    void read_calls(const Entry& entry) {
        const auto calls = read_integer(*entry.value, "\"calls\"", mistakes_);
        if (!calls) return;
        if (*calls < Steps::fewest_calls || *calls > Steps::most_calls) {
            mistakes_.add(entry.line,
                          fmt::format("calls is {}, expected {} to {}", *calls, Steps::fewest_calls,
                                      Steps::most_calls),
                          "more than a window is long, or a ring");
            return;
        }
        steps_.calls = static_cast<int>(*calls);
    }

    const Case& case_;
    Mistakes& mistakes_;
    Steps steps_;
    std::vector<const Leaf*> taken_;
};

}  // namespace

std::vector<const Leaf*> leaves_of(const std::vector<Leaf>& leaves, const std::string& name) {
    std::vector<const Leaf*> found;
    for (const Leaf& leaf : leaves) {
        const bool begins = leaf.name.compare(0, name.size(), name) == 0;
        const bool ends = leaf.name.size() == name.size();
        if (begins && (ends || leaf.name[name.size()] == '.' || leaf.name[name.size()] == '['))
            found.push_back(&leaf);
    }
    return found;
}

std::optional<Steps> read_steps(const Entry& entry, const Case& one, Mistakes& mistakes) {
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return std::nullopt;
    return StepsReader(one, mistakes).read(entry, *table);
}

}  // namespace exportgate::matrix
