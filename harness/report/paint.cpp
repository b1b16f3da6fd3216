#include "report/paint.h"

namespace exportgate::report {

using document::Style;
using verdict::Verdict;

Style style_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::as_expected:
            return Style::plain;
        case Verdict::cosmetic:
            return Style::plain;
        case Verdict::waived:
            return Style::warning;
        case Verdict::improved:
            return Style::good;
        case Verdict::changed:
            return Style::warning;
        case Verdict::regressed:
            return Style::bad;
        case Verdict::new_:
            return Style::news;
        case Verdict::case_error:
            return Style::unknown;
        case Verdict::unobserved:
            return Style::unknown;
    }
    return Style::plain;
}

}  // namespace exportgate::report
