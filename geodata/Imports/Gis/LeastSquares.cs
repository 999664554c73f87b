namespace Jietong.Geodata.Imports.Gis;

/// <summary>Unknowns that fit observations best, by normal equations and Gauss's elimination with pivots.</summary>
internal sealed class LeastSquares(int unknowns)
{
    private readonly double[,] normal = new double[unknowns, unknowns + 1];

    public void Add(ReadOnlySpan<double> row, double observed)
    {
        for (var i = 0; i < unknowns; i++)
        {
            for (var j = 0; j < unknowns; j++) normal[i, j] += row[i] * row[j];
            normal[i, unknowns] += row[i] * observed;
        }
    }

    /// <returns>Null where the observations do not determine them.</returns>
    public double[]? Solve()
    {
        var m = (double[,])normal.Clone();
        for (var column = 0; column < unknowns; column++)
        {
            var pivot = column;
            for (var i = column + 1; i < unknowns; i++) if (Math.Abs(m[i, column]) > Math.Abs(m[pivot, column])) pivot = i;
            if (Math.Abs(m[pivot, column]) < 1e-9) return null;
            for (var j = 0; j <= unknowns; j++) (m[column, j], m[pivot, j]) = (m[pivot, j], m[column, j]);
            for (var i = 0; i < unknowns; i++)
            {
                if (i == column) continue;
                var factor = m[i, column] / m[column, column];
                for (var j = column; j <= unknowns; j++) m[i, j] -= factor * m[column, j];
            }
        }
        return [.. Enumerable.Range(0, unknowns).Select(i => m[i, unknowns] / m[i, i])];
    }
}
