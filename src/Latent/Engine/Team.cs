using System.Runtime.ExceptionServices;

namespace Latent.Engine;

/// <summary>
/// Threads that share work cut into tasks. A step hands out work several times a millisecond, so a waiting thread spins a little before it
/// sleeps; it does not spin for long, since under other load a spinning thread would keep the one it waits for from running.
/// </summary>
/// <remarks>
/// Each thread has a share of its own, the same each time, so that what it worked on last is still in its caches; when that is done it takes
/// what others have left. Work is over when its tasks are: a thread that the system does not let run holds up nothing but the task it has in
/// hand.
/// </remarks>
internal sealed class Team : IDisposable
{
    private const int Spins = 4000;

    // The low half of a share's ticket counts down the tasks that are left of it, from this bias on so that a late thread's vain look leaves
    // the high half, the number of the work, alone. Tickets lie in cache lines of their own.
    private const int Bias = 1 << 20,
        Apart = 16;
    private readonly object _start = new(),
        _finish = new();
    private readonly Thread[] _threads;
    private Action<int, int>? _body;
    private Exception? _failure;
    private readonly long[] _tickets;
    private int _tasks,
        _sleeping;
    private volatile int _unfinished;
    private volatile bool _disposed;

    /// <param name="count">Threads, the caller's among them; 0 for one per core.</param>
    public Team(int count)
    {
        Count = count > 0 ? count : Environment.ProcessorCount;
        _tickets = new long[Count * Apart];
        _threads = new Thread[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i + 1;
            _threads[i] = new(() => Wait(index)) { IsBackground = true, Name = $"Latent {index}" };
            _threads[i].Start();
        }
    }

    public int Count { get; }

    // The first share's ticket is raised last, so whoever sees the work sees all of it.
    private int Work => (int)(Volatile.Read(ref _tickets[0]) >> 32);

    /// <summary>Runs tasks 0 … tasks − 1, each once and on any thread, and returns when all have ended.</summary>
    /// <param name="tasks">How many; each must be independent of the others.</param>
    /// <param name="body">Given the task and the index of the thread, below <see cref="Count"/>.</param>
    public void Run(int tasks, Action<int, int> body)
    {
        if (Count == 1)
        {
            for (int task = 0; task < tasks; task++)
                body(task, 0);
            return;
        }
        (_body, _tasks, _unfinished) = (body, tasks, tasks);
        Raise();
        Take(0);
        for (int spin = 0; spin < Spins && _unfinished != 0; spin++)
            Thread.SpinWait(1);
        if (_unfinished != 0)
            lock (_finish)
                while (_unfinished != 0)
                    Monitor.Wait(_finish);
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure); // as it would come with one thread: a layer of the user's own may have thrown it
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _tasks = 0;
        Raise();
        foreach (var thread in _threads)
            thread.Join();
    }

    // The first task of a share; of the share after the last, the number of tasks.
    private int First(int share) => (int)((long)_tasks * share / Count);

    private void Raise()
    {
        long work = (long)(Work + 1) << 32;
        for (int share = Count - 1; share >= 0; share--)
            Interlocked.Exchange(ref _tickets[share * Apart], work + Bias + First(share + 1) - First(share));
        if (Volatile.Read(ref _sleeping) > 0)
            lock (_start)
                Monitor.PulseAll(_start);
    }

    private void Wait(int index)
    {
        int seen = 0;
        while (!_disposed)
        {
            for (int spin = 0; spin < Spins && Work == seen; spin++)
                Thread.SpinWait(1);
            if (Work == seen)
                lock (_start)
                {
                    // counted before the last look at the work, so that whoever raises it after that sees the sleeper
                    Interlocked.Increment(ref _sleeping);
                    while (Work == seen)
                        Monitor.Wait(_start);
                    Interlocked.Decrement(ref _sleeping);
                }
            seen = Work;
            Take(index);
        }
    }

    // A ticket above the bias is a task nobody has taken, so its work cannot be over before this thread has done it.
    private void Take(int thread)
    {
        for (int i = 0; i < Count; i++)
            TakeFrom((thread + i) % Count, thread);
    }

    private void TakeFrom(int share, int thread)
    {
        for (int left; (left = (int)(uint)Interlocked.Decrement(ref _tickets[share * Apart]) - Bias) >= 0; )
        {
            try
            {
                _body!(First(share + 1) - 1 - left, thread);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }
            if (Interlocked.Decrement(ref _unfinished) == 0)
                lock (_finish)
                    Monitor.PulseAll(_finish);
        }
    }
}
