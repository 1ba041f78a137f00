namespace Latent.Engine;

/// <summary>
/// Threads that wait for work together. A step hands out work several times a millisecond, so a waiting thread spins a little before it
/// sleeps; it does not spin for long, since under other load a spinning thread would keep the one it waits for from running.
/// </summary>
internal sealed class Team : IDisposable
{
    private const int Spins = 4000;
    private readonly object _start = new(),
        _finish = new();
    private readonly Thread[] _threads;
    private Action<int>? _body;
    private Exception? _failure;
    private volatile int _generation;
    private volatile int _running;
    private volatile bool _disposed;

    /// <param name="count">Threads, the caller's among them; 0 for one per core.</param>
    public Team(int count)
    {
        Count = count > 0 ? count : Environment.ProcessorCount;
        _threads = new Thread[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i + 1;
            _threads[i] = new(() => Wait(index)) { IsBackground = true, Name = $"Latent {index}" };
            _threads[i].Start();
        }
    }

    public int Count { get; }

    /// <summary>Runs the body once per thread, with the thread's index, and returns when all have ended.</summary>
    public void Run(Action<int> body)
    {
        if (Count == 1)
        {
            body(0);
            return;
        }
        _body = body;
        _running = Count - 1;
        Raise();
        Do(body, 0);
        for (int spin = 0; spin < Spins && _running != 0; spin++)
            Thread.SpinWait(1);
        if (_running != 0)
            lock (_finish)
                while (_running != 0)
                    Monitor.Wait(_finish);
        if (_failure is { } failure)
        {
            _failure = null;
            throw new InvalidOperationException("A thread of the engine failed.", failure);
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Raise();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Raise()
    {
        lock (_start)
        {
            _generation++;
            Monitor.PulseAll(_start);
        }
    }

    private void Wait(int index)
    {
        int seen = 0;
        while (true)
        {
            for (int spin = 0; spin < Spins && _generation == seen; spin++)
                Thread.SpinWait(1);
            if (_generation == seen)
                lock (_start)
                    while (_generation == seen)
                        Monitor.Wait(_start);
            seen = _generation;
            if (_disposed)
                return;
            Do(_body!, index);
            if (Interlocked.Decrement(ref _running) == 0)
                lock (_finish)
                    Monitor.PulseAll(_finish);
        }
    }

    private void Do(Action<int> body, int index)
    {
        try
        {
            body(index);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }
}
