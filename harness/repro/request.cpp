#include "repro/request.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "record/record_file.h"

namespace exportgate::repro {

namespace fs = std::filesystem;
using nlohmann::json;

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

json request_of(const Asked& asked) {
    json failing = json::object();
    for (const outcome::CheckResult& check : asked.failing)
        failing[check.name] = check.reasons;
    const auto& cell = asked.cell;
    return {{"name", cell.name()},
            {"torch", asked.torch},
            {"seed", asked.seed},
            {"raises", asked.rejected ? asked.rejected->exception : ""},
            {"case", json::parse(record::to_json(*asked.declared))},
            {"directory", fs::absolute(asked.declared->directory).string()},
            {"cell",
             {{"kind", matrix::to_string(cell.kind)},
              {"mode", matrix::to_string(cell.mode)},
              {"dims", matrix::to_string(cell.dims)},
              {"pair", cell.pair}}},
            {"ends_in_export", asked.rejected ? fmt::format("{}: {}", asked.rejected->exception,
                                                            first_line(asked.rejected->message))
                                              : asked.dies},
            {"failing", failing},
            {"draft", asked.draft}};
}

}  // namespace exportgate::repro
