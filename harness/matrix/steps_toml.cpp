#include "matrix/steps_toml.h"

#include <fmt/format.h>

#include <algorithm>

#include "matrix/polynomial.h"

namespace exportgate::matrix {
namespace {

constexpr std::string_view example = "returned = { cache = \"present\" }";

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
                          fmt::format("write {}, or in_place = [\"cache\"]", example));
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
                mistakes_.add(line, fmt::format("[steps] says twice what {} is next", leaf->name));
                return false;
            }
            taken_.push_back(leaf);
        }
        return true;
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
        const toml::table* table = read_table(entry, mistakes_);
        if (table == nullptr) return;
        for (const Entry& one : entries_of(*table)) {
            const std::string output = read_string(one, mistakes_);
            if (!one.value->is_string() || !is_input(one.name, one.line)) continue;
            const std::size_t expected = leaves_of(case_.inputs, one.name).size();
            const std::size_t found = leaves_of(case_.outputs, output).size();
            if (found == 0) {
                mistakes_.add(one.line,
                              fmt::format("[steps] names the output \"{}\", which is none", output),
                              suggestion(output, names_of(case_.outputs)));
            } else if (found != expected) {
                mistakes_.add(one.line,
                              fmt::format("the output \"{}\" has {} leaves, the input \"{}\" {}",
                                          output, found, one.name, expected));
            }
            steps_.returned[one.name] = output;
        }
    }

    void read_in_place(const Entry& entry) {
        const toml::array* array = read_array(entry, mistakes_);
        if (array == nullptr) return;
        for (const toml::node& node : *array) {
            const auto* name = node.as_string();
            if (name == nullptr) {
                mistakes_.add(line_of(node),
                              fmt::format("in_place holds {}, expected names", kind_of(node)),
                              "write in_place = [\"cache\"]");
            } else if (is_input(name->get(), line_of(node))) {
                steps_.in_place.push_back(name->get());
            }
        }
    }

    void read_counts_up(const Entry& entry) {
        const toml::table* table = read_table(entry, mistakes_);
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
            mistakes_.add(entry.line, fmt::format("calls is {}, expected {} to {}", *calls,
                                                  Steps::fewest_calls, Steps::most_calls));
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
