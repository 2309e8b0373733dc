using Symbolon.Access;

namespace Symbolon.Revocation;

/// <summary>One level of a <see cref="Denylist"/>: slots by open addressing, and before them a filter that answers almost every search with one look into memory. Never changed once made.</summary>
/// <remarks>
/// The filter has one word of 64 bits for each four entries; an entry sets four bits of its word. It says "not here" or "look": about one in a hundred looks finds nothing.
/// Kinds share the hash, so one look serves a subject's epoch and claims version. Home slots grow with the hash, so that copying a table into a larger one goes through both in order.
/// </remarks>
internal sealed class DenylistTable
{
    private readonly DenylistSlot[] _slots;
    private readonly ulong[] _filter;

    private DenylistTable(int capacity) => (_slots, _filter) = (new DenylistSlot[capacity + (capacity / 3) + 1], new ulong[(capacity / 4) + 1]);

    public static DenylistTable Empty { get; } = new(0);

    public int Count { get; private set; }

    /// <summary>The smallest of all ends.</summary>
    public uint FirstUntilMinute { get; private set; } = uint.MaxValue;

    /// <summary>Puts tables into one, the oldest first: what a later one says of a key replaces what an earlier one says.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="newest">What is newer than all of them.</param>
    /// <param name="minute">Leaves out what ends at this minute or before.</param>
    public static DenylistTable Of(ReadOnlySpan<DenylistTable> tables, IReadOnlyCollection<DenylistSlot> newest, uint minute = 0)
    {
        var capacity = newest.Count;
        foreach (var table in tables)
            capacity = checked(capacity + table.Count);
        if (capacity == 0)
            return Empty;
        var made = new DenylistTable(capacity);
        foreach (var table in tables)
        {
            foreach (ref readonly var slot in table._slots.AsSpan())
            {
                if (!slot.IsEmpty && slot.UntilMinute > minute)
                    made.Put(slot);
            }
        }

        foreach (var slot in newest)
            made.Put(slot);
        return made;
    }

    /// <summary>False when no entry has one of the token's ids.</summary>
    public bool MayConcern(AuthenticToken token) => Count > 0 && (MayHold(token.IdHash) | MayHold(token.SessionHash) | MayHold(token.SubjectHash));

    public DenylistValue? Find(RevocationKind kind, in RevocationKey key)
    {
        var hash = key.Hash();
        if (!MayHold(hash))
            return null;
        for (var at = Home(hash); !_slots[at].IsEmpty; at = After(at))
        {
            if (_slots[at].IsFor(kind, key))
                return _slots[at].Value;
        }

        return null;
    }

    private void Put(in DenylistSlot slot)
    {
        var hash = slot.Hash;
        var at = Home(hash);
        while (!_slots[at].IsEmpty && !_slots[at].IsForSameAs(slot))
            at = After(at);
        Count += _slots[at].IsEmpty ? 1 : 0;
        _slots[at] = slot;
        _filter[Word(hash)] |= Bits(hash);
        FirstUntilMinute = Math.Min(FirstUntilMinute, slot.UntilMinute);
    }

    private bool MayHold(ulong hash) => (~_filter[Word(hash)] & Bits(hash)) == 0;

    private static ulong Bits(ulong hash) => (1UL << (int)hash) | (1UL << (int)(hash >> 6)) | (1UL << (int)(hash >> 12)) | (1UL << (int)(hash >> 18));

    private int Word(ulong hash) => (int)(((hash >> 32) * (uint)_filter.Length) >> 32);

    private int Home(ulong hash) => (int)(((hash >> 32) * (uint)_slots.Length) >> 32);

    private int After(int at) => at + 1 == _slots.Length ? 0 : at + 1;
}
