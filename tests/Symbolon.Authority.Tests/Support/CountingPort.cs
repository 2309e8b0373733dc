using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Tests.Support;

/// <summary>How often the stores were called; and an outage of them.</summary>
internal sealed class PortCalls
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Whether every call fails as it does in an outage.</summary>
    public bool AreDown { get; set; }

    /// <summary>Called when a call has been answered, before its caller has the answer.</summary>
    public Action? Answered { get; set; }

    public void Add()
    {
        Interlocked.Increment(ref count);
        if (AreDown) throw new StoreUnavailableException("The test has taken the store down.");
    }

    /// <summary>Puts a counter before each port that holds sessions, subjects or logs.</summary>
    public static PortCalls Watch(IServiceCollection services)
    {
        var calls = new PortCalls();
        Wrap<ISessionStore>(services, calls);
        Wrap<ISubjectStore>(services, calls);
        Wrap<IRevocationLog>(services, calls);
        Wrap<IEventLog>(services, calls);
        return calls;
    }

    /// <summary>Puts a counter before one port.</summary>
    public static PortCalls Watch<T>(IServiceCollection services) where T : class
    {
        var calls = new PortCalls();
        Wrap<T>(services, calls);
        return calls;
    }

    private static void Wrap<T>(IServiceCollection services, PortCalls calls) where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(provider =>
        {
            var proxy = DispatchProxy.Create<T, CountingPort>();
            ((CountingPort)(object)proxy).Watch(ActivatorUtilities.CreateInstance(provider, inner), calls);
            return proxy;
        });
    }
}

/// <summary>Passes every call on and counts it.</summary>
public class CountingPort : DispatchProxy
{
    private object? inner;
    private PortCalls? calls;

    internal void Watch(object port, PortCalls counter) => (inner, calls) = (port, counter);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        calls!.Add();
        var answer = targetMethod!.Invoke(inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        calls.Answered?.Invoke();
        return answer;
    }
}
