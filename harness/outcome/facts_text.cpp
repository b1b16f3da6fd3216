#include "outcome/facts_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "outcome/guards.h"
#include "outcome/message_line.h"

namespace exportgate::outcome {
namespace {

constexpr std::string_view facts_begin = "\nfacts ";

std::string single_line(std::string_view text) {
    std::string line;
    for (const char c : text)
        line += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
    return line;
}

/// Writes what torch prints of a size in the names of the canonical program.
class Sizes {
  public:
    explicit Sizes(const graph::Canonical& program) {
        for (const auto& symbol : program.symbols)
            names_.emplace(symbol.printed, symbol.name);
    }

    /// "48*s1" of "48*s61". The factors of a product are sorted, since torch orders them by its own
    /// names; other expressions keep their order.
    std::string canonical(const std::string& size) const {
        if (size.find_first_of(" ()/%") != std::string::npos) return renamed(size);
        std::vector<std::string> factors;
        for (const auto factor : split(size, '*'))
            factors.push_back(renamed(factor));
        std::sort(factors.begin(), factors.end());
        return join(factors, "*");
    }

  private:
    std::string renamed(std::string_view text) const {
        std::string result;
        while (!text.empty()) {
            std::size_t end = 0;
            while (end < text.size() &&
                   (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
                ++end;
            const auto word = text.substr(0, std::max<std::size_t>(end, 1));
            text.remove_prefix(word.size());
            const auto found = names_.find(word);
            result += found == names_.end() ? std::string(word) : found->second;
        }
        return result;
    }

    std::map<std::string, std::string, std::less<>> names_;
};

class FactsWriter {
  public:
    FactsWriter(const graph::Canonical& program, const matrix::Case& asked)
        : program_(program), asked_(asked), sizes_(program) {}

    /// False: they are the inputs of another program.
    bool inputs(const std::vector<record::InputFact>& facts) {
        if (facts.size() != program_.inputs.size()) return false;
        std::vector<std::string> layout;
        std::vector<std::string> values;
        std::size_t user_input = 0;
        for (std::size_t i = 0; i < facts.size(); ++i) {
            const auto& fact = facts[i];
            const auto& input = program_.inputs[i];
            if (!input.name.empty() && input.name != fact.name) return false;
            std::string name = input.target;
            if (input.kind == "USER_INPUT") {
                const auto place = user_input++;
                name = place < asked_.inputs.size() ? asked_.inputs[place].name
                                                    : fmt::format("user input {}", place);
            }
            if (name.empty()) name = fmt::format("input {}", i);
            if (fact.is_tensor()) {
                layout.push_back(layout_line(name, fact));
            } else {
                values.push_back(single_line(
                    fmt::format("{}  {}  {}", name, fact.type, sizes_.canonical(fact.value))));
            }
        }
        section("layout", std::move(layout));
        section("values", std::move(values));
        return true;
    }

    void carried(const std::vector<record::CarriedFact>& facts) {
        std::vector<std::string> lines;
        for (const auto& fact : facts) {
            std::string line = fact.name + "  " + fact.kind;
            if (fact.kind == "object") {
                line += "  " + fact.type;
            } else {
                line += fmt::format("  {} [{}]", fact.dtype, fmt::join(fact.shape, ", "));
                if (fact.strides)
                    line += fmt::format("  strides [{}]", fmt::join(*fact.strides, ", "));
                if (fact.requires_grad) line += "  requires_grad";
                if (fact.kind == "constant")
                    line += fact.sha256.empty() ? "  not digested: " + fact.not_digested
                                                : "  sha256:" + fact.sha256;
            }
            lines.push_back(neutral_line(single_line(line)));
        }
        std::sort(lines.begin(), lines.end());
        section("carried", std::move(lines));
    }

    void modules(const std::vector<record::ModuleFact>& facts) {
        std::vector<std::string> lines;
        for (const auto& fact : facts)
            lines.push_back(fact.fqn + "  " + spec(fact.in_spec) + " -> " + spec(fact.out_spec));
        std::sort(lines.begin(), lines.end());
        section("modules", std::move(lines));
    }

    void guards(const std::vector<std::string>& code) {
        std::vector<std::string> lines;
        for (const auto& guard : guards_of(code, program_, asked_)) {
            if (!guard.is_implied) lines.push_back(single_line(guard.text));
        }
        section("guards", std::move(lines));
    }

    std::string finish() {
        return text_.empty() ? ""
                             : fmt::format("{}{}\n{}", facts_begin, record::facts_revision, text_);
    }

  private:
    std::string layout_line(const std::string& name, const record::InputFact& fact) const {
        std::string line = name + "  " + fact.device;
        if (fact.strides) {
            std::vector<std::string> strides;
            for (const auto& stride : *fact.strides)
                strides.push_back(sizes_.canonical(stride));
            line += "  strides [" + join(strides, ", ") + "]";
        }
        if (fact.requires_grad) line += "  requires_grad";
        return single_line(line);
    }

    static std::string spec(const record::SpecNode& node) {
        std::string text = neutral_line(single_line(node.type));
        if (!node.context.empty()) text += " " + neutral_line(single_line(node.context));
        std::vector<std::string> children;
        for (const auto& child : node.children)
            children.push_back(spec(child));
        return children.empty() ? text : text + "(" + join(children, ", ") + ")";
    }

    void section(std::string_view name, std::vector<std::string> lines) {
        text_ += fmt::format("  {}\n", name);
        if (lines.empty()) lines.emplace_back("none");
        for (const auto& line : lines)
            text_ += "    " + line + '\n';
    }

    const graph::Canonical& program_;
    const matrix::Case& asked_;
    Sizes sizes_;
    std::string text_;
};

}  // namespace

Result<std::string> facts_text(const record::Facts& facts, const graph::Canonical& program,
                               const matrix::Case& asked, const std::string& file) {
    if (facts.revision != record::facts_revision) return std::string();
    FactsWriter writer(program, asked);
    if (facts.inputs && !writer.inputs(*facts.inputs)) {
        return tl::unexpected(
            Error{file, 0, "the facts of the program name other inputs than its print", ""});
    }
    if (facts.carried) writer.carried(*facts.carried);
    if (facts.modules) writer.modules(*facts.modules);
    if (facts.guards) writer.guards(*facts.guards);
    return writer.finish();
}

FactsRead read_facts(std::string_view text) {
    FactsRead read;
    if (!text.starts_with(facts_begin)) return read;
    text.remove_prefix(facts_begin.size());
    const auto end = std::min(text.find('\n'), text.size());
    std::from_chars(text.data(), text.data() + end, read.revision);
    std::vector<std::string>* section = nullptr;
    for (const auto line : split(text.substr(end), '\n')) {
        if (line.starts_with("    ")) {
            if (section) section->emplace_back(line.substr(4));
        } else if (line.starts_with("  ")) {
            section = &read.sections[std::string(line.substr(2))];
        }
    }
    return read;
}

std::string stored_text(const Outcome& outcome) {
    return outcome.text + outcome.facts;
}

void set_stored_text(Outcome& outcome, std::string stored) {
    const auto facts =
        outcome.status == Status::exported ? stored.rfind(facts_begin) : std::string::npos;
    outcome.facts = facts == std::string::npos ? "" : stored.substr(facts);
    if (facts != std::string::npos) stored.resize(facts);
    outcome.text = std::move(stored);
}

}  // namespace exportgate::outcome
