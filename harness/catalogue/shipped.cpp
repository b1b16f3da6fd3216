#include <stdexcept>

#include "catalogue/catalogue.h"
#include "catalogue/embedded.h"

namespace exportgate::catalogue {

const Catalogue& shipped() {
    static const Catalogue catalogue = [] {
        Catalogue all;
        for (const Embedded& each : embedded()) {
            Results<Section> section = parse_section(each.text, std::string(each.file));
            // A unit test reads them all: a mistake in them is one of the program.
            if (!section) throw std::logic_error(to_string(section.error().front()));
            all.sections.push_back(std::move(*section));
        }
        return all;
    }();
    return catalogue;
}

}  // namespace exportgate::catalogue
