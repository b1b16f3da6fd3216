// What torch.export.draft_export finds in a cell that torch.export.export rejects.
#pragma once

#include <string>
#include <vector>

namespace exportgate::outcome {

struct DraftIssue {
    std::string kind;   // "guard added", "data dependent error"
    std::string what;   // the condition, or the operator: "Eq(x.size()[0], 3)"
    std::string where;  // "forward"; "" where torch does not say
    std::string code;   // the line in it
};

struct Draft {
    std::string torch;               // "2.13.0+cpu"
    std::vector<DraftIssue> issues;  // none: it exports as it was asked
    std::string dynamic_shapes;      // that it exported with in the end; "": those asked for
    std::string edited;              // what was edited since the cell was recorded; "": nothing
    std::string obstacle;            // why it says nothing; "": it does
    std::string remedy;              // of that
};

}  // namespace exportgate::outcome
