namespace Jietong.Services;

/// <summary>Which compiled program this is: all three rooms, so that nothing kept or tagged by an older build is taken for its own.</summary>
internal static class Build
{
    public static readonly string Id = string.Join(' ', new[] { typeof(Build), typeof(Geodata.Database), typeof(Routing.Network) }.Select(t => t.Module.ModuleVersionId.ToString("N")));
}
