using Jietong.Routing;
using Xunit;

namespace QuikGraph
{
    /// <summary>The two names of QuikGraph that the README's example uses, so that the example is compiled and run although the package is not served here.</summary>
    internal readonly record struct STaggedEdge<TVertex, TTag>(TVertex Source, TVertex Target, TTag Tag);

    internal sealed class AdjacencyGraph<TVertex, TEdge>
    {
        public List<TVertex> Vertices { get; } = [];
        public List<TEdge> Edges { get; } = [];
        public void AddVertexRange(IEnumerable<TVertex> vertices) => Vertices.AddRange(vertices);
        public void AddEdge(TEdge edge) => Edges.Add(edge);
    }
}

namespace Jietong.Routing.Tests
{
    using QuikGraph;

    public sealed class QuikGraphExample
    {
        // README: begin
        static AdjacencyGraph<int, STaggedEdge<int, int>> ToQuikGraph(Network network)
        {
            var graph = new AdjacencyGraph<int, STaggedEdge<int, int>>();
            graph.AddVertexRange(Enumerable.Range(0, network.JunctionCount));
            for (var tail = 0; tail < network.JunctionCount; tail++)
                for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
                    graph.AddEdge(new(tail, network.Heads[arc], network.TravelTimesMs[arc]));   // tag: milliseconds
            return graph;
        }
        // README: end

        [Fact]
        public void The_example_of_the_README_carries_every_arc_over()
        {
            var graph = ToQuikGraph(Network.Build(3, [0, 1, 0], [1, 2, 0], [5, 7, 1]));
            Assert.Equal([0, 1, 2], graph.Vertices);
            Assert.Equal([new(0, 1, 5), new(0, 0, 1), new(1, 2, 7)], graph.Edges);
        }

        [Fact]
        public void The_README_shows_this_very_example()
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Jietong.slnx"))) folder = Path.GetDirectoryName(folder)!;
            string Squeezed(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim()).Where(l => l != ""));
            var source = File.ReadAllText(Path.Combine(folder, "tests", "Routing.Tests", "QuikGraphExample.cs"));
            var example = source.Split("// README: begin\n")[1].Split("// README: end")[0];
            Assert.Contains(Squeezed(example), Squeezed(File.ReadAllText(Path.Combine(folder, "README.md"))), StringComparison.Ordinal);
        }
    }
}
