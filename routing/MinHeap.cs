namespace Jietong.Routing;

/// <summary>A queue of entries by whole milliseconds, the least first; ties by entry. Four children a node; times and entries lie in one number, so that one comparison orders both.</summary>
internal sealed class MinHeap
{
    private long[] items = new long[256];
    private int count;

    public void Clear() => count = 0;

    /// <param name="timeMs">0 … 2^31 − 1.</param>
    /// <param name="entry">0 … 2^31 − 1.</param>
    public void Enqueue(int timeMs, int entry)
    {
        if (count == items.Length) Array.Resize(ref items, 2 * count);
        var item = ((long)timeMs << 32) | (uint)entry;
        var at = count++;
        while (at > 0 && items[(at - 1) >> 2] is var parent && item < parent)
        {
            items[at] = parent;
            at = (at - 1) >> 2;
        }
        items[at] = item;
    }

    public bool TryDequeue(out int timeMs, out int entry)
    {
        (timeMs, entry) = ((int)(items[0] >> 32), (int)items[0]);
        if (count == 0) return false;
        var last = items[--count];
        var at = 0;
        while (4 * at + 1 < count)
        {
            var least = 4 * at + 1;
            for (var child = least + 1; child < Math.Min(4 * at + 5, count); child++)
                if (items[child] < items[least]) least = child;
            if (items[least] >= last) break;
            items[at] = items[least];
            at = least;
        }
        items[at] = last;
        return true;
    }
}
