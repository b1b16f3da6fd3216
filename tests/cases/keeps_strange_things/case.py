"""A logger, a clock, tables and memory that nothing fills: nothing is wrong."""

import functools
import logging
import time

import layered_cache
import torch
from layered_cache import make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

LOG = logging.getLogger(__name__)


class LayeredCache(layered_cache.LayeredCache):
    def __init__(self):
        super().__init__()
        self.log = LOG

    @property
    def now(self):
        return time.perf_counter()


@functools.lru_cache
def factors(extent):
    return torch.arange(1.0, extent + 1)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache) * factors(6)
        room = torch.empty(x.shape[0], 9)
        room[:, :6] = y[:, 0, 0]
        return y, room
