namespace Jietong.Services.Tiles;

internal static class StylesEndpoints
{
    public static void MapStyles(this WebApplication app) { }
}
