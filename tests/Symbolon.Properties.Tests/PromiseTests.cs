namespace Symbolon.Properties;

/// <summary>The promises of DESIGN §4.1 over random interleavings of tabs, a thief, lost and reordered messages, ends, restarts and clock steps.</summary>
public sealed class PromiseTests
{
    /// <summary>[I2] bounded coexistence.</summary>
    [Fact]
    public void I2_BoundedCoexistence() => Promises.BoundedCoexistence.Holds();

    /// <summary>[I5] a token whose tag is wrong is refused without a database access and without any effect.</summary>
    [Fact]
    public void I5_ForgeriesTouchNothing() => Promises.ForgeriesTouchNothing.Holds();

    /// <summary>[I7] honest clients live, as long as no more than eight rotations overtake one request (<see cref="Rule10RegressionTests"/>).</summary>
    [Fact]
    public void I7_HonestClientsLive() => Promises.HonestClientsLive.Holds();

    /// <summary>[I7] and rule 8: nor does a store that lost its last rotation.</summary>
    [Fact]
    public void I7_HonestClientsLive_WhenTheStoreLostARotation() => (Promises.HonestClientsLive with { Scenario = Scenario.Failovers }).Holds();

    /// <summary>[I8] one line.</summary>
    [Fact]
    public void I8_OneLine() => Promises.OneLine.Holds();

    /// <summary>[I9] death on contact: the loser's next use later than settle ends the session.</summary>
    [Fact]
    public void I9_DeathOnContact() => DeathOnContact.WithinSettle.Holds();

    /// <summary>[I10] revoke wins.</summary>
    [Fact]
    public void I10_RevokeWins() => Promises.RevokeWins.Holds();

    /// <summary>[I11] parallel presentations equal some serial order.</summary>
    [Fact]
    public void I11_ParallelEqualsSerial() => ParallelEqualsSerial.Promise.Holds();

    /// <summary>[I11] outsiders change nothing; ends_at never grows.</summary>
    [Fact]
    public void I11_OutsidersChangeNothing() => Promises.OutsidersChangeNothing.Holds();
}
