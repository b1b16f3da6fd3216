"""Keys and values lie in pages of four tokens; the table says which pages are a sequence's own.

Which pages are read is decided by integers in a tensor, and how many of their tokens count too.
"""

import torch
from exportgate_case import CacheBase
from storage import attended, register_attributes, unregister

__all__ = ["Model", "PagedCache", "make_inputs", "register", "unregister"]


class PagedCache(CacheBase):
    def __init__(self, key_pages, value_pages, page_table, lengths):
        super().__init__()
        self.key_pages = key_pages
        self.value_pages = value_pages
        self.page_table = page_table
        self.lengths = lengths

    def gathered(self, pages):
        """(batch, heads, tokens, head_dim): the pages of each sequence one after the other."""
        return pages[self.page_table].transpose(1, 2).flatten(2, 3)

    def is_valid(self):
        tokens = self.page_table.shape[1] * self.key_pages.shape[2]
        return (torch.arange(tokens) < self.lengths[:, None])[:, None, None]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        keys, values = map(cache.gathered, (cache.key_pages, cache.value_pages))
        return attended(x, keys, values, cache.is_valid())


def make_inputs(cache_class, leaves):
    x, *states = leaves.values()
    return x, cache_class(*states)


def register(cache_class):
    register_attributes(cache_class, ["key_pages", "value_pages", "page_table", "lengths"])
