// Tables of figures as parts of a document.
#pragma once

#include "document/document.h"
#include "page/figures.h"

namespace exportgate::page {

/// The verdict's word is strong where a row has one that is not "same".
document::Table document_table(const FigureTable& table);

}  // namespace exportgate::page
