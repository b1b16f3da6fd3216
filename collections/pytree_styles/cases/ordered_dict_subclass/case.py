"""The entries are the children, their keys the context."""

from ordered_dict_cache import Model, NamedStates, make_inputs
from pytree_styles import register_attributes, unregister
from torch.utils import _pytree as pytree

__all__ = ["NamedStates", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    def flatten(cache):
        return list(dict.values(cache)), list(dict.keys(cache))

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.MappingKey(key), child) for key, child in zip(context, children)], context

    register_attributes(cache_class, [], flatten_fn=flatten, flatten_with_keys_fn=flatten_with_keys)
