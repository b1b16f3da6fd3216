#include "report/junit_words.h"
#include "report/upgrade_report.h"

namespace exportgate::report {

std::string upgrade_junit(const verdict::Upgrade& upgrade) {
    return junit(upgrade.judged, [&](const verdict::Judgement& judgement) {
        JunitCell cell{JunitCell::Result::pass,
                       std::string(verdict::upgrade_label(judgement.verdict)), ""};
        if (verdict::info(judgement.verdict).cannot_judge) {
            cell.result = JunitCell::Result::error;
        } else if (verdict::blocks(judgement, upgrade.strict)) {
            cell.result = JunitCell::Result::failure;
        }
        if (cell.result != JunitCell::Result::pass)
            cell.text = upgrade_paragraph(upgrade, judgement);
        return cell;
    });
}

}  // namespace exportgate::report
