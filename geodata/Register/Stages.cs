namespace Jietong.Geodata.Register;

/// <summary>The stages that can be attested, in their order; the last three stand beside it. <c>stage_rank</c> in the schema knows them too.</summary>
public static class Stages
{
    public static readonly IReadOnlyList<string> All =
        ["proposed", "approved", "feasibility", "design", "land", "tender", "under_construction", "structure_complete", "handed_over", "open", "accepted", "suspended", "closed", "cancelled"];
}
