"""Peers of the routing benchmark: peers.py igraph|scipy|strategies FOLDER

Loads FOLDER/arcs and prints name and version. Then it answers each line of junctions on standard input with the
milliseconds of processor time that each took on average, and leaves the times found in FOLDER/answer, row after row.
Exit code 3: not installed.
"""
import heapq
import platform
import sys
from array import array
from math import inf
from time import process_time


def use_igraph(n, tails, heads, times, waits):
    import igraph

    graph = igraph.Graph(n, edges=list(zip(tails, heads)), directed=True)
    weights = [float(time) for time in times]
    return f"igraph {igraph.__version__}", lambda sources: graph.distances(sources, weights=weights, mode="out")


def use_scipy(n, tails, heads, times, waits):
    import numpy
    import scipy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    order = numpy.lexsort((times, heads, tails))
    tails, heads, times = (numpy.array(column)[order] for column in (tails, heads, times))
    best = numpy.append(True, (numpy.diff(tails) != 0) | (numpy.diff(heads) != 0))  # a matrix holds one of parallel arcs
    tails, heads, times = tails[best], heads[best], times[best].astype(float)
    matrix = csr_matrix((times, heads, numpy.searchsorted(tails, numpy.arange(n + 1))), shape=(n, n))
    return f"scipy {scipy.__version__}", lambda sources: dijkstra(matrix, indices=sources)


def use_strategies(n, tails, heads, times, waits):
    """Spiess and Florian 1989, part 1: arcs by the time from their tail once aboard, the least first."""
    frequencies = [1 / wait if wait else inf for wait in waits]
    incoming = [[] for _ in range(n)]
    for arc, head in enumerate(heads):
        incoming[head].append(arc)

    def solve(destination):
        expected, frequency = [inf] * n, [0.0] * n
        expected[destination] = 0.0
        queue = [(times[arc], arc) for arc in incoming[destination]]
        heapq.heapify(queue)
        while queue:
            aboard, arc = heapq.heappop(queue)
            tail = tails[arc]
            if aboard > expected[heads[arc]] + times[arc] or aboard >= expected[tail]:
                continue  # put in again with less meanwhile, or not worth waiting for
            if frequencies[arc] == inf:
                expected[tail], frequency[tail] = aboard, inf
            else:
                before = frequency[tail] * expected[tail] if frequency[tail] else 1
                frequency[tail] += frequencies[arc]
                expected[tail] = (before + frequencies[arc] * aboard) / frequency[tail]
            for other in incoming[tail]:
                heapq.heappush(queue, (expected[tail] + times[other], other))
        return expected

    return f"Python {platform.python_version()}", lambda destinations: [solve(d) for d in destinations]


def main(peer, folder):
    numbers = array("i")
    with open(f"{folder}/arcs", "rb") as file:
        numbers.frombytes(file.read())
    n, m = numbers[:2]
    columns = [list(numbers[2 + i * m:2 + (i + 1) * m]) for i in range(4)]
    try:
        name, solve = {"igraph": use_igraph, "scipy": use_scipy, "strategies": use_strategies}[peer](n, *columns)
    except ImportError:
        sys.exit(3)
    print(name, flush=True)
    for line in sys.stdin:
        junctions = [int(word) for word in line.split()]
        start = process_time()
        rows = solve(junctions)
        milliseconds = 1000 * (process_time() - start) / len(junctions)
        with open(f"{folder}/answer", "wb") as file:
            for row in rows:
                array("d", row).tofile(file)
        print(milliseconds, flush=True)


main(*sys.argv[1:])
