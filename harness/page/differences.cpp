#include "page/differences.h"

#include "base/printable.h"
#include "graph/alignment.h"

namespace exportgate::page {
namespace {

using graph::Edit;
using report::Json;

Json edits_json(const graph::Alignment& alignment) {
    Json edits = Json::array();
    int run = 0;  // > 0: lines kept, < 0: lines gone
    const auto end_run = [&] {
        if (run != 0) edits.push_back(run);
        run = 0;
    };
    for (const Edit& edit : alignment.edits) {
        switch (edit.kind) {
            case Edit::Kind::keep:
                if (run < 0) end_run();
                ++run;
                break;
            case Edit::Kind::remove:
                if (run > 0) end_run();
                --run;
                break;
            case Edit::Kind::add:
                end_run();
                if (edits.empty() || !edits.back().is_array()) edits.push_back(Json::array());
                edits.back().push_back(printable(alignment.observed[edit.after]));
                break;
        }
    }
    end_run();
    return edits;
}

}  // namespace

std::size_t Differences::number_of(const std::string& before, const std::string& after) {
    const std::pair key{pool_.number_of(before), pool_.number_of(after)};
    const auto [at, is_new] = numbers_.try_emplace(key, json_.size());
    if (is_new) {
        json_.push_back({{"before", key.first},
                         {"after", key.second},
                         {"edits", edits_json(graph::align(before, after))}});
    }
    return at->second;
}

}  // namespace exportgate::page
