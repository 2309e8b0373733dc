using System.Collections.Immutable;
using System.Globalization;
using Symbolon.Mock.Faults;

namespace Symbolon.Mock;

/// <summary>The faults that stand. The first that takes a request has it. Safe for concurrent use, and exact: <see cref="MockFault.Times"/> is never exceeded by parallel requests.</summary>
public sealed class MockFaults
{
    private const int Most = 1000;
    private readonly Lock gate = new();
    private readonly IReadOnlyList<MockFault> initial;
    private readonly int seed;
    private ImmutableList<StandingFault> standing = [];
    private Random random = Random.Shared;
    private int last;

    internal MockFaults(IReadOnlyList<MockFault> initial, int seed)
    {
        (this.initial, this.seed) = (initial, seed);
        Reset();
    }

    /// <summary>The faults that stand, the oldest first; one that has happened as often as it was to is gone.</summary>
    public IReadOnlyDictionary<string, MockFault> Items
    {
        get
        {
            lock (gate) return standing.ToImmutableSortedDictionary(one => one.Id, one => one.Fault, StringComparer.Ordinal);
        }
    }

    /// <summary>Adds one. One that cuts connections is there when those that were idle are closed: a client that takes one of them up could not tell the fault from its own bad luck.</summary>
    /// <param name="fault">What goes wrong, for which requests, and how often.</param>
    /// <param name="ct">Gives up waiting; the fault stands.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">It makes no sense; the message says why.</exception>
    public async Task<string> AddAsync(MockFault fault, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (FaultRules.Complaint(fault) is { } why) throw new ArgumentException(why, nameof(fault));
        string id;
        lock (gate)
        {
            if (standing.Count >= Most) throw new ArgumentException($"{Most} faults stand already; remove some.", nameof(fault));
            id = AddUnderGate(fault);
        }

        if (FaultRules.Cuts(fault) && CutAsync is { } cutAsync) await cutAsync(ct);
        return id;
    }

    /// <summary>Removes one; false when there is none of this id.</summary>
    public bool Remove(string id)
    {
        lock (gate) return standing != (standing = standing.RemoveAll(one => one.Id == id));
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        lock (gate) standing = [];
    }

    /// <summary>Called when a fault was added that cuts connections.</summary>
    internal Func<CancellationToken, Task>? CutAsync { private get; set; }

    /// <summary>Whether a fault stands that cuts connections.</summary>
    internal bool IsCutting
    {
        get
        {
            lock (gate) return standing.Exists(one => FaultRules.Cuts(one.Fault));
        }
    }

    /// <summary>Those of the start, counted anew, with the seed's randomness from its beginning.</summary>
    internal void Reset()
    {
        lock (gate)
        {
            (standing, random, last) = ([], new Random(seed), 0);
            foreach (var fault in initial) AddUnderGate(fault);
        }
    }

    /// <summary>The fault that this request has, with the wait drawn for it; null for none. Counts it.</summary>
    internal (MockFault Fault, TimeSpan Delay)? Take(string method, string path, bool isPreflight)
    {
        lock (gate)
        {
            foreach (var one in standing)
            {
                if (!FaultRules.Concerns(one.Fault, method, path, isPreflight) || !one.Happens(random)) continue;
                if (one.IsOver) standing = standing.Remove(one);
                return (one.Fault, one.Fault.Delay.Draw(random.NextDouble()));
            }

            return null;
        }
    }

    /// <summary>A length between the two of a wait, drawn with the seed.</summary>
    internal TimeSpan Draw(MockDelay delay)
    {
        lock (gate) return delay.Draw(random.NextDouble());
    }

    private string AddUnderGate(MockFault fault)
    {
        var id = $"f{(++last).ToString("D4", CultureInfo.InvariantCulture)}";
        standing = standing.Add(new StandingFault(id, fault));
        return id;
    }

    /// <summary>A fault and how often it was asked for and happened. Used under the gate.</summary>
    private sealed class StandingFault(string id, MockFault fault)
    {
        private int skipped, happened;

        public string Id => id;

        public MockFault Fault => fault;

        public bool IsOver => fault.Times is { } times && happened >= times;

        public bool Happens(Random random)
        {
            if (skipped < fault.Skip)
            {
                skipped++;
                return false;
            }

            if (fault.Probability < 1 && random.NextDouble() >= fault.Probability) return false;
            happened++;
            return true;
        }
    }
}
