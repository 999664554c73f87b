namespace Jietong.Routing;

/// <summary>
/// Arcs taken one right after another, and what that costs beside their times. Two arcs are a turn at the junction between them (one and the one
/// back along the same road a U-turn: which arc that is, the caller knows); more are a way over one or several arcs between the first and the last.
/// Where only one turn is allowed, the others are banned.
/// </summary>
/// <param name="Arcs">Two or more by the network's own numbering, each beginning where the one before ends. An arc may stand there several times.</param>
/// <param name="PenaltyMs">0 … 2^29 − 1, or <see cref="Banned"/>. It is added whenever the last of the arcs is entered; of several turns that end there, all.</param>
public sealed record Turn(IReadOnlyList<int> Arcs, int PenaltyMs = Turn.Banned)
{
    public const int Banned = Network.Unreachable;
}
