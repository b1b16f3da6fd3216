#include "record/facts.h"

#include <set>

#include "record/facts_json.h"

namespace exportgate::record {

void find_strange_kind(const CarriedFact& carried, Mistake& mistake) {
    static const std::set<std::string> kinds{"parameter", "buffer", "constant", "object"};
    if (!kinds.contains(carried.kind))
        mistake.note("\"facts\" carries an unknown kind \"{}\"", carried.kind);
}

Result<Facts> parse_facts(const std::string& json, const std::string& file) {
    Mistake mistake(file, 0);
    Json parsed = Json::parse(json, nullptr, false);
    Facts facts;
    // Of another revision only the revision is understood.
    if (parsed.is_object() && parsed.contains("revision") && parsed["revision"] != facts_revision) {
        Reader(parsed, described<Facts>.name, mistake).required("revision", facts.revision);
    } else {
        read_into(facts, parsed, mistake);
    }
    if (!mistake.none()) return tl::unexpected(mistake.error());
    return facts;
}

}  // namespace exportgate::record
