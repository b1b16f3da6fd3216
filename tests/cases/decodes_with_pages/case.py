"""Right: each call writes into a page that a table of integers names, and into the table."""

import torch
from attribute_cache import CacheBase, attend, filled, register_attributes, unregister

__all__ = ["Model", "PagedCache", "make_inputs", "register", "unregister"]

NAMES = ["key_pages", "value_pages", "table", "lengths"]
PAGES, TOKENS = 8, 4


class PagedCache(CacheBase):
    def __init__(self):
        super().__init__()
        self.key_pages = self.value_pages = self.table = self.lengths = None


class Model(torch.nn.Module):
    def forward(self, x, cache):
        row = torch.arange(x.shape[0])
        block, place = cache.lengths // TOKENS, cache.lengths % TOKENS
        before = cache.table[row, block]
        page = torch.where(place == 0, (before + 1) % PAGES, before)
        cache.table.index_put_((row, block), page)
        for head in range(2):
            where = (page, torch.full_like(page, head), place)
            cache.key_pages.index_put_(where, x[:, head, 0])
            cache.value_pages.index_put_(where, 2 * x[:, head, 0])
        cache.lengths.add_(1)
        is_hidden = torch.arange(5 * TOKENS) >= cache.lengths[:, None]
        keys, values = (
            pages[cache.table].transpose(1, 2).flatten(2, 3)
            for pages in (cache.key_pages, cache.value_pages)
        )
        return attend(x, keys, values, is_hidden[:, None, None])


def make_inputs(cache_class, leaves):
    return leaves["x"], filled(cache_class(), NAMES, leaves)


def register(cache_class):
    register_attributes(cache_class, NAMES)
