#include "outcome/guards.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "base/text.h"
#include "matrix/polynomial.h"
#include "outcome/certain_assertions.h"
#include "outcome/condition.h"
#include "outcome/message_line.h"

namespace exportgate::outcome {
namespace {

constexpr std::string_view source_begin = "L['";
constexpr std::string_view size_call = ".size()[";
constexpr std::size_t most_samples = 4096;

using Path = std::vector<std::string>;

/// "dc", "key_cache", "0" of "dc.key_cache[0]" and of "['dc']['key_cache'][0]".
Path path_of(std::string_view text) {
    Path path;
    std::string part;
    for (const char c : text) {
        const bool separates = c == '.' || c == '[' || c == ']' || c == '\'' || c == '"';
        if (!separates) part += c;
        if (separates && !part.empty()) path.push_back(std::exchange(part, ""));
    }
    if (!part.empty()) path.push_back(part);
    return path;
}

std::optional<std::size_t> index_in(std::string_view text) {
    std::size_t index = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, index);
    return error == std::errc() && rest == end ? std::optional(index) : std::nullopt;
}

/// A dim of an input of the case.
struct Place {
    std::size_t leaf = 0;
    std::size_t dim = 0;

    auto operator<=>(const Place&) const = default;
};

/// A guard whose sources are "v0", "v1", ...
struct Readable {
    std::string condition;
    std::vector<Place> places;
};

class GuardReader {
  public:
    GuardReader(const graph::Canonical& program, const matrix::Case& asked) : asked_(asked) {
        for (const auto& input : program.inputs) {
            if (input.kind == "USER_INPUT") inputs_.push_back(&input);
        }
        for (const auto& symbol : program.symbols)
            symbols_.emplace(symbol.name, &symbol);
    }

    Guard read(const std::string& code) const {
        const auto readable = sources_replaced(code);
        if (!readable) return {neutral_line(code), false, ""};
        Guard guard;
        guard.text = in_words(*readable);
        guard.is_implied = follows_from_program(*readable);
        if (!guard.is_implied) guard.excludes = excluded_by(*readable);
        return guard;
    }

  private:
    std::optional<std::size_t> leaf_of(std::string_view source) const {
        const auto path = path_of(source);
        if (path.size() == 2 && path[0] == "flat_args") {
            const auto index = index_in(path[1]);
            return index && *index < asked_.inputs.size() ? index : std::nullopt;
        }
        for (std::size_t i = 0; i < asked_.inputs.size(); ++i) {
            if (path_of(asked_.inputs[i].name) == path) return i;
        }
        return std::nullopt;
    }

    /// Nothing where a source is no dim of an input of the case.
    std::optional<Readable> sources_replaced(std::string_view code) const {
        Readable result;
        if (inputs_.size() != asked_.inputs.size()) return std::nullopt;
        while (true) {
            const auto begin = code.find(source_begin);
            result.condition += code.substr(0, begin);
            if (begin == std::string_view::npos) return result;
            code.remove_prefix(begin + 1);
            const auto size = code.find(size_call);
            if (size == std::string_view::npos) return std::nullopt;
            const auto leaf = leaf_of(code.substr(0, size));
            code.remove_prefix(size + size_call.size());
            const auto close = code.find(']');
            if (!leaf || close == std::string_view::npos) return std::nullopt;
            const auto dim = index_in(code.substr(0, close));
            code.remove_prefix(close + 1);
            const Place place{*leaf, dim.value_or(SIZE_MAX)};
            if (place.dim >= asked_.inputs[place.leaf].shape.size() ||
                place.dim >= inputs_[place.leaf]->shape.size()) {
                return std::nullopt;
            }
            const auto known = std::find(result.places.begin(), result.places.end(), place);
            result.condition += 'v' + std::to_string(known - result.places.begin());
            if (known == result.places.end()) result.places.push_back(place);
        }
    }

    /// `word(place)` in the place of each source.
    template <class Word>
    static std::string with_words(const Readable& guard, const Word& word) {
        std::string text;
        std::string_view rest = guard.condition;
        while (!rest.empty()) {
            std::size_t end = 0;
            while (end < rest.size() &&
                   (std::isalnum(static_cast<unsigned char>(rest[end])) != 0 || rest[end] == '_'))
                ++end;
            const auto name = rest.substr(0, std::max<std::size_t>(end, 1));
            rest.remove_prefix(name.size());
            const auto index = name[0] == 'v' ? index_in(name.substr(1)) : std::nullopt;
            text += index ? word(guard.places[*index]) : std::string(name);
        }
        return text;
    }

    std::string in_words(const Readable& guard) const {
        return with_words(guard, [&](const Place& place) {
            return fmt::format("{} dim {}", asked_.inputs[place.leaf].name, place.dim);
        });
    }

    const std::string& shape_at(const Place& place) const {
        return inputs_[place.leaf]->shape[place.dim];
    }

    bool follows_from_program(const Readable& guard) const {
        Intervals known;
        for (const auto& [name, symbol] : symbols_)
            add_interval(*symbol, known);
        if (always_holds(with_words(guard, [&](const Place& place) { return shape_at(place); }),
                         known)) {
            return true;
        }
        return is_one_expression(
            with_words(guard, [&](const Place& place) { return '(' + shape_at(place) + ')'; }));
    }

    /// "(1 + (s1)) == ((s1 + 1))"
    static bool is_one_expression(std::string_view condition) {
        constexpr std::string_view equal = " == ";
        const auto place = condition.find(equal);
        if (place == std::string_view::npos) return false;
        const auto left = matrix::Polynomial::parse(condition.substr(0, place));
        const auto right = matrix::Polynomial::parse(condition.substr(place + equal.size()));
        return left && right && *left == *right;
    }

    /// Whether the program's shapes and ranges allow this extent there.
    bool allows(const Place& place, std::int64_t extent) const {
        const auto& shape = shape_at(place);
        if (shape == std::to_string(extent)) return true;
        const auto found = symbols_.find(shape);
        if (found == symbols_.end()) return false;  // another constant, or nothing is known of it
        Intervals known;
        add_interval(*found->second, known);
        return !always_holds(fmt::format("{} != {}", shape, extent), known);
    }

    std::vector<std::int64_t> candidates_for(const std::string& name) const {
        std::set<std::int64_t> extents;
        for (const auto& dim : asked_.dims) {
            if (dim.name != name) continue;
            for (const auto extent : {dim.min, dim.min + 1, std::int64_t{2}, std::int64_t{3},
                                      std::int64_t{7}, std::int64_t{16}, dim.max - 1, dim.max}) {
                if (extent >= dim.min && extent <= dim.max) extents.insert(extent);
            }
        }
        for (const auto& pair : asked_.pairs)
            extents.insert(pair.extents.at(name));
        return {extents.begin(), extents.end()};
    }

    /// Pairs of extents to try: those of the case, and combinations of extents of the dims. What
    /// relations tie together is tried at the case's own pairs only.
    std::vector<matrix::Pair> samples() const {
        std::vector<matrix::Pair> all = asked_.pairs;
        if (!asked_.relations.empty() || asked_.pairs.empty()) return all;
        for (const auto& dim : asked_.dims) {
            const auto known = all;
            for (const auto extent : candidates_for(dim.name)) {
                for (const auto& pair : known) {
                    if (all.size() >= most_samples) return all;
                    auto sample = pair;
                    sample.extents[dim.name] = extent;
                    all.push_back(std::move(sample));
                }
            }
        }
        return all;
    }

    std::string excluded_by(const Readable& guard) const {
        for (const auto& sample : samples()) {
            std::map<std::string, std::int64_t, std::less<>> values;
            bool is_allowed = true;
            for (std::size_t i = 0; i < guard.places.size() && is_allowed; ++i) {
                const auto& place = guard.places[i];
                const auto extent = matrix::shape_at(asked_.inputs[place.leaf], sample)[place.dim];
                values["v" + std::to_string(i)] = extent;
                is_allowed = allows(place, extent);
            }
            if (!is_allowed || holds_for(guard.condition, values).value_or(true)) continue;
            std::vector<std::string> extents;
            for (const auto& [name, extent] : sample.extents)
                extents.push_back(fmt::format("{} = {}", name, extent));
            return join(extents, ", ");
        }
        return "";
    }

    const matrix::Case& asked_;
    std::vector<const graph::Input*> inputs_;  // of the user
    std::map<std::string, const graph::Symbol*, std::less<>> symbols_;
};

}  // namespace

std::vector<Guard> guards_of(const std::vector<std::string>& code, const graph::Canonical& program,
                             const matrix::Case& asked) {
    const GuardReader reader(program, asked);
    std::map<std::string, Guard> guards;
    for (const auto& each : code) {
        auto guard = reader.read(each);
        auto text = guard.text;
        guards.try_emplace(std::move(text), std::move(guard));
    }
    std::vector<Guard> sorted;
    for (auto& entry : guards)
        sorted.push_back(std::move(entry.second));
    return sorted;
}

}  // namespace exportgate::outcome
