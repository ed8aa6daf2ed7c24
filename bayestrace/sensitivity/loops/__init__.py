"""The cluster likelihood once more, for many draws and nothing but its value.

`inference.kernel` holds on to all that a gradient needs, and its innermost loops run over the nodes of one draw. Here
nothing is held beyond a cluster, and the innermost loops run over draws, which lie next to each other in memory: so
everything is done for several draws at a time, what belongs to a coder or a cluster as well as what belongs to a node.
Logarithms are taken so too, and the normal distribution function, of which selection needs four values at each node
whatever the number of explanations. That is what thousands of evaluations of hundreds of draws wait for.
"""
