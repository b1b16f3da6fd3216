// What is known of the operators of one program: the schema that was observed with it, and the one
// of the table operators.tsv, which the canonical text is written against.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "graph/name_table.h"
#include "graph/schema.h"

namespace exportgate::graph {

struct Operator {
    std::optional<Schema> reference;  // of the table
    std::optional<Schema> observed;
    bool has_one_schema = true;  // the observed one, if any, is the reference
    bool is_seeded = false;      // its result can hang on a random number generator
    bool is_composite = false;   // its result can be an operand, whatever the schema says
    bool is_assumed = false;  // operands were left out, or put in another place, by the table only

    bool is_known() const {
        return reference.has_value() || observed.has_value();
    }
    /// The one that says how the operands of this program are meant.
    const Schema& own() const {
        return observed ? *observed : *reference;
    }
};

class Operators {
  public:
    /// `observed` must outlive this object.
    explicit Operators(const ObservedSchemas& observed) : observed_(observed) {}

    /// `target`: "torch.ops.aten.add.Tensor", which must outlive this object. Other calls are
    /// operators that nothing is known of.
    Operator& find(std::string_view target);

    /// Names without "torch.ops.", in the order of their first use.
    std::vector<std::string> assumed() const;

  private:
    const ObservedSchemas& observed_;
    NameTable numbers_;  // by target
    std::deque<Operator> operators_;
    std::deque<std::string_view> names_;
};

}  // namespace exportgate::graph
