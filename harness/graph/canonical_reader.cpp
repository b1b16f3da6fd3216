#include "graph/canonical_reader.h"

#include <optional>
#include <set>

#include "base/text.h"
#include "graph/canonical_line.h"
#include "graph/concat.h"

namespace exportgate::graph {
namespace {

constexpr std::string_view first_words = "exportgate graph ";

class CanonicalReader {
  public:
    CanonicalReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<Canonical> read() {
        if (!text_.ends_with('\n')) return fail("a text that ends within a line", "a line break");
        lines_ = split(text_.substr(0, text_.size() - 1), '\n');
        const std::string first = concat({first_words, std::to_string(format_version)});
        if (lines_[0] != first) return fail(quoted(lines_[0]), quoted(first));
        ++at_;
        const bool good = section("symbols", false, [&] { return symbol(); }) &&
                          section("inputs", false, [&] { return input(); }) && graphs() &&
                          section("outputs", true, [&] { return output(); });
        if (!good) return tl::unexpected(*error_);
        if (at_ < lines_.size()) return fail(quoted(lines_[at_]), "end of file");
        canonical_.text = text_;
        return std::move(canonical_);
    }

  private:
    tl::unexpected<Error> fail(std::string_view found, std::string_view expected) {
        refuse(found, expected);
        return tl::unexpected(*error_);
    }

    bool refuse(std::string_view found, std::string_view expected) {
        if (!error_) {
            error_ = Error{file_,
                           static_cast<int>(at_) + 1,
                           concat({"found ", found, ", expected ", expected}),
                           {}};
        }
        return false;
    }

    bool more() const {
        return at_ < lines_.size() && lines_[at_].starts_with("  ");
    }

    template <class ReadLine>
    bool section(std::string_view title, bool required, ReadLine read_line) {
        if (at_ + 1 >= lines_.size() || !lines_[at_].empty() || lines_[at_ + 1] != title) {
            return !required || refuse(found_here(), concat({"an empty line and ", quoted(title)}));
        }
        at_ += 2;
        for (; more(); ++at_) {
            if (!read_line()) return false;
        }
        return true;
    }

    std::string found_here() const {
        return at_ < lines_.size() ? quoted(lines_[at_]) : std::string("end of file");
    }

    /// The next of the fields, which two spaces part; empty at the end of the line.
    static std::string_view take_field(std::string_view& line) {
        char quote = '\0';
        std::size_t end = 0;
        for (; end < line.size(); ++end) {
            const char c = line[end];
            if (quote != '\0') {
                if (c == '\\') ++end;
                if (c == quote) quote = '\0';
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (line.substr(end).starts_with("  ")) {
                break;
            }
        }
        end = std::min(end, line.size());
        const std::string_view field = line.substr(0, end);
        line.remove_prefix(std::min(line.size(), end + 2));
        return field;
    }

    static bool is_quoted(std::string_view field) {
        return field.size() >= 2 && field.front() == '"' && field.back() == '"';
    }

    bool symbol() {
        std::string_view rest = lines_[at_].substr(2);
        Symbol symbol;
        symbol.name = take_field(rest);
        while (rest.starts_with('"')) {
            if (!is_quoted(take_field(rest)))
                return refuse(quoted(lines_[at_]), "the name of a dim in quotes");
        }
        const std::string_view range = take_field(rest);
        const std::size_t dots = range.find("..");
        if (!rest.empty() || (range != "no range" && dots == std::string_view::npos)) {
            return refuse(quoted(lines_[at_]), "'<symbol>  \"<dim>\"  <lower>..<upper>'");
        }
        const bool is_name = symbol.name.find(' ') == std::string::npos &&
                             symbol.name.find('*') == std::string::npos;
        if (is_name && !symbols_.insert(symbol.name).second)
            return refuse(quoted(symbol.name), "each symbol once");
        if (!is_name) return expression(symbol.name);
        if (range != "no range") {
            symbol.lower = range.substr(0, dots);
            symbol.upper = range.substr(dots + 2);
        }
        canonical_.symbols.push_back(std::move(symbol));
        return true;
    }

    bool expression(std::string_view text) {
        CanonicalLine line(text, symbols_, values_, graphs_);
        if (line.read_operand() && line.at_end()) return true;
        return refuse(line.found(), line.expected());
    }

    /// "f32[s0, 8]", "DTensor(f32[4, 4], "S(0)")", "Sym(s0)", "constant", a Python type.
    bool annotation(std::string_view field, Input* input) {
        const std::size_t bracket = field.find('[');
        const std::size_t opening = field.find('(');
        if (opening < bracket && bracket != std::string_view::npos && field.ends_with(')') &&
            !field.starts_with("Sym(")) {
            return subclass(field, opening, input);
        }
        const bool is_tensor = bracket != std::string_view::npos && field.ends_with(']');
        if (is_tensor && input != nullptr) {
            input->dtype = field.substr(0, bracket);
            input->shape = split_dims(field.substr(bracket + 1, field.size() - bracket - 2));
        }
        if (input != nullptr) input->is_constant = field == "constant";
        if (is_tensor) return expression(field.substr(bracket));
        if (field.starts_with("Sym(") && field.ends_with(')')) return expression(field.substr(3));
        return !field.empty() || refuse(quoted(lines_[at_]), "an annotation");
    }

    bool subclass(std::string_view field, std::size_t opening, Input* input) {
        const std::string_view name = field.substr(0, opening);
        const std::string_view inner = field.substr(opening + 1, field.size() - opening - 2);
        const std::size_t end = inner.find(']');
        if (name.empty() || end == std::string_view::npos)
            return refuse(quoted(field), "a tensor of a subclass");
        if (!annotation(inner.substr(0, end + 1), input)) return false;
        const std::string_view rest = inner.substr(end + 1);
        const std::string_view placement = rest.substr(std::min<std::size_t>(2, rest.size()));
        const bool has_placement = rest.starts_with(", ") && is_quoted(placement);
        if (!rest.empty() && !has_placement)
            return refuse(quoted(rest), "the placement of a DTensor in quotes");
        if (input == nullptr) return true;
        input->subclass = name;
        if (has_placement)
            input->subclass += concat({", ", placement.substr(1, placement.size() - 2)});
        return true;
    }

    static std::vector<std::string> split_dims(std::string_view dims) {
        std::vector<std::string> result;
        int depth = 0;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < dims.size(); ++i) {
            if (dims[i] == '(') ++depth;
            if (dims[i] == ')') --depth;
            if (depth > 0 || dims[i] != ',') continue;
            result.emplace_back(dims.substr(begin, i - begin));
            begin = i + 2;
        }
        if (!dims.empty()) result.emplace_back(dims.substr(std::min(begin, dims.size())));
        return result;
    }

    bool input() {
        std::string_view rest = lines_[at_].substr(2);
        const std::string number = concat({"%", std::to_string(canonical_.inputs.size())});
        if (take_field(rest) != number)
            return refuse(quoted(lines_[at_]), concat({"input ", quoted(number)}));
        values_.insert(number);
        Input input;
        input.kind = take_field(rest);
        if (input.kind.empty()) return refuse(quoted(lines_[at_]), "a kind such as USER_INPUT");
        if (!annotation(take_field(rest), &input)) return false;
        if (rest.starts_with('"')) {
            const std::string_view target = take_field(rest);
            if (!is_quoted(target)) return refuse(quoted(lines_[at_]), "a target in quotes");
            input.target = target.substr(1, target.size() - 2);
        }
        if (!rest.empty() && rest != "persistent" && rest != "not persistent")
            return refuse(quoted(rest), "end of line");
        canonical_.inputs.push_back(std::move(input));
        return true;
    }

    bool graphs() {
        for (const std::string_view line : lines_) {
            if (line.starts_with("graph @"))
                graphs_.insert(std::string(line.substr(6, line.find('(') - 6)));
        }
        if (!section("graph", true, [&] { return statement(); })) return false;
        std::set<std::string, std::less<>> outer = values_;
        while (at_ + 1 < lines_.size() && lines_[at_].empty() &&
               lines_[at_ + 1].starts_with("graph @")) {
            ++at_;
            values_.clear();
            if (!nested_graph()) return false;
        }
        values_ = std::move(outer);
        return true;
    }

    /// graph @0(%0: f32[s0, 4], %1)
    bool nested_graph() {
        CanonicalLine header(lines_[at_].substr(6), symbols_, values_, graphs_);
        if (!header.read_parameters(values_)) return refuse(header.found(), header.expected());
        ++at_;
        bool returned = false;
        for (; more(); ++at_) {
            if (returned) return refuse(quoted(lines_[at_]), "an empty line after 'return'");
            constexpr std::string_view prefix = "  return ";
            returned = lines_[at_].starts_with(prefix);
            if (returned ? !expression(lines_[at_].substr(prefix.size())) : !statement())
                return false;
        }
        return returned || refuse(found_here(), "'return'");
    }

    /// "%5 = aten.add.Tensor(%3, %4)", "u0 = aten.item.default(%1)", "%4 <u1> = ..."
    bool statement() {
        CanonicalLine line(lines_[at_].substr(2), symbols_, values_, graphs_);
        return line.read_statement(values_) || refuse(line.found(), line.expected());
    }

    bool output() {
        std::string_view rest = lines_[at_].substr(2);
        if (take_field(rest).empty())
            return refuse(quoted(lines_[at_]), "a kind such as USER_OUTPUT");
        if (!expression(take_field(rest))) return false;
        if (!rest.empty() && rest[0] != '"' && rest[0] != '%' &&
            !annotation(take_field(rest), nullptr))
            return false;
        const std::string_view target = take_field(rest);
        if (!rest.empty()) return refuse(quoted(rest), "end of line");
        return target.empty() || is_quoted(target) || expression(target);
    }

    std::string_view text_;
    std::string file_;
    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
    Canonical canonical_;
    std::set<std::string, std::less<>> symbols_;
    std::set<std::string, std::less<>> values_;  // "%3"
    std::set<std::string, std::less<>> graphs_;  // "@0"
    std::optional<Error> error_;
};

}  // namespace

bool looks_canonical(std::string_view text) {
    return text.starts_with(first_words);
}

Result<Canonical> read_canonical(std::string_view text, const std::string& file) {
    return CanonicalReader(text, file).read();
}

}  // namespace exportgate::graph
