namespace Jietong.Routing;

/// <summary>Arcs that climb, by rank, in one direction of travel: those of a tail are <c>First[tail] … First[tail+1]-1</c>.</summary>
/// <param name="First">Positions, one more than there are ranks.</param>
/// <param name="Heads">Ranks, all higher than the tail's.</param>
/// <param name="Times">Of arc i at <c>Stride · i + Offset</c>.</param>
/// <param name="Stride">2 where both directions stand side by side.</param>
/// <param name="Offset">0 or 1.</param>
internal readonly record struct UpArcs(int[] First, int[] Heads, uint[] Times, int Stride, int Offset);
