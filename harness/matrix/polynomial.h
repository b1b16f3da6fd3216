// Sums and products of dims with whole numbers: "2*length + 1", "past + new", "batch*length". So
// extents and relations are written in case.toml, and so torch prints extents.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exportgate::matrix {

class Polynomial {
  public:
    /// Reads names, whole numbers, '+', '-', '*' and parentheses, with or without blanks. Nothing
    /// where `text` is anything else ("length / 2", "Max(s0, 1)"), or its numbers overflow.
    static std::optional<Polynomial> parse(std::string_view text);

    /// One spelling for each polynomial as it was written: "2*length + 1". Terms keep the order in
    /// which they were read; the number comes last.
    std::string text() const;

    /// The names in it, each once, in the order of text().
    std::vector<std::string> names() const;

    /// Nothing where a name has no value, or it overflows.
    std::optional<std::int64_t> at(const std::map<std::string, std::int64_t>& values) const;

    /// Names replaced; nothing where `by` lacks one, or it overflows.
    std::optional<Polynomial> with(const std::map<std::string, Polynomial>& by) const;

    /// factor*name + offset. torch.export.Dim can say this, and nothing else.
    struct Linear {
        std::string name;
        std::int64_t factor = 1;
        std::int64_t offset = 0;
    };
    /// Nothing where it is of another form: of two names, or of none.
    std::optional<Linear> linear() const;

    /// Equal whatever the order of terms.
    bool operator==(const Polynomial& other) const;

  private:
    friend class PolynomialReader;
    struct Term {
        std::vector<std::string> names;  // sorted; empty for the number
        std::int64_t factor = 0;
    };

    static std::optional<Polynomial> of_number(std::int64_t number);
    static Polynomial of_name(std::string name);
    /// False where it overflows.
    bool add(Term term);
    static std::optional<Polynomial> sum(const Polynomial& a, const Polynomial& b, int sign);
    static std::optional<Polynomial> product(const Polynomial& a, const Polynomial& b);

    std::vector<Term> terms_;  // none with the factor 0
};

}  // namespace exportgate::matrix
