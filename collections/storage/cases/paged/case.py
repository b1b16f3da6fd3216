"""Keys and values lie in pages of four tokens; the table says which pages are a sequence's own.

Integers in tensors decide which pages are read, how many of their tokens count, and where a token
goes: to the next place of its sequence, or over the oldest one, in place.
"""

import torch
from exportgate_case import CacheBase
from storage import attended, register_attributes, unregister

__all__ = ["Model", "PagedCache", "make_inputs", "register", "unregister"]


class PagedCache(CacheBase):
    """`lengths` counts the tokens of each sequence that were written so far."""

    def __init__(self, key_pages, value_pages, page_table, lengths):
        super().__init__()
        self.key_pages = key_pages
        self.value_pages = value_pages
        self.page_table = page_table
        self.lengths = lengths

    def capacity(self):
        return self.page_table.shape[1] * self.key_pages.shape[2]

    def write(self, keys, values):
        place = (self.lengths % self.capacity()).long()
        tokens_of_a_page = self.key_pages.shape[2]
        page = self.page_table.gather(1, (place // tokens_of_a_page)[:, None])
        heads = torch.arange(self.key_pages.shape[1])
        where = (page, heads, (place % tokens_of_a_page)[:, None])
        for pages, states in ((self.key_pages, keys), (self.value_pages, values)):
            # Sequences may share a page here. Their tokens are added, so that no order decides.
            pages.index_put_(where, torch.zeros(()))
            pages.index_put_(where, states[:, :, 0], accumulate=True)
        self.lengths.add_(1)

    def gathered(self, pages):
        """(batch, heads, tokens, head_dim): the pages of each sequence one after the other."""
        return pages[self.page_table].transpose(1, 2).flatten(2, 3)

    def is_valid(self):
        return (torch.arange(self.capacity()) < self.lengths[:, None])[:, None, None]


class Model(torch.nn.Module):
    def forward(self, x, cache):
        cache.write(x, 2 * x)
        keys, values = map(cache.gathered, (cache.key_pages, cache.value_pages))
        return attended(x, keys, values, cache.is_valid())


def make_inputs(cache_class, leaves):
    x, *states = leaves.values()
    return x, cache_class(*states)


def register(cache_class):
    register_attributes(cache_class, ["key_pages", "value_pages", "page_table", "lengths"])
