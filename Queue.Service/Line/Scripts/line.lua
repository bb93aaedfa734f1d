-- The state of one line, and the steps that the scripts share. A script is this text and its own, run as one.
-- Several callers of one line may share a run: the keys after the line's six, and the arguments after the line's, are theirs in turn.
-- The constants in front of it (LEASE, GRACE, …) come from the options; every time is in milliseconds.
local LINE, LIMITS, LEASES, ADMITTED, ACTIVE, REFORMED = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local OF_LINE = 6
local TIDY_EVERY = math.min(5000, IDLE / 10)
local now = tonumber(ARGV[1])
local s, limits, places

local function int(n) return string.format('%.0f', n) end

-- Who comes at or after the opening is served in order of coming: so every script opens a due sale first.
local function open_sale()
  s.to, s.seed, limits.opensAt = s.issued, limits.seed, nil
  redis.call('HSET', LINE, 'to', int(s.to), 'seed', s.seed)
  redis.call('HDEL', LIMITS, 'opensAt', 'seed')
end

local function read()
  local l = redis.call('HMGET', LINE, 'epoch', 'issued', 'serving', 'steppedAt', 'budget', 'rate', 'reformUntil', 'reformServing', 'from', 'to', 'seed', 'tidiedAt')
  local function number(i) return tonumber(l[i] or 0) end
  s = { epoch = l[1], issued = number(2), serving = number(3), steppedAt = number(4), budget = l[5] and tonumber(l[5]), rate = number(6),
        reformUntil = number(7), reformServing = number(8), from = number(9), to = number(10), seed = l[11] or '', tidiedAt = number(12), admitted = 0, rate_text = l[6] or '0' }
  local m = redis.call('HMGET', LIMITS, 'maxActive', 'perSecond', 'paused', 'opensAt', 'seed', 'version')
  limits = { maxActive = tonumber(m[1] or MAX_ACTIVE), perSecond = tonumber(m[2] or PER_SECOND), paused = m[3] == '1',
             opensAt = m[4] and tonumber(m[4]), seed = m[5] or '', version = tonumber(m[6] or 0),
             perSecond_text = m[2] or tostring(PER_SECOND) }
  if s.epoch and limits.opensAt and now >= limits.opensAt then open_sale() end
end

-- A life of the line starts numbering at the time (100 tickets a millisecond), so that no life repeats a number of an earlier one.
local function begin()
  local first = int(math.max(0, math.floor((now - 1700000000000) * 100)))
  redis.call('HSET', LINE, 'epoch', first, 'issued', first, 'serving', first, 'from', first, 'to', first)
  redis.call('PEXPIRE', LINE, IDLE)
  read()
end

-- Nobody is admitted until those who stood in the lost line had time to show their tickets.
local function gather()
  if s.reformUntil == 0 then
    s.reformUntil = now + REFORM
    redis.call('HSET', LINE, 'reformUntil', int(s.reformUntil))
  end
end

-- A store that went back in time (it lost its last second in a crash) would hand out numbers twice: that life is over.
local function forget_life()
  redis.call('DEL', LINE, LEASES, ADMITTED, ACTIVE, REFORMED)
  read()
end

-- All limits at once, of a line that has begun; false when those of the last opening still wait, whom a new one would shuffle again.
local function set_limits(version, max_active, per_second, paused, opens_at, seed)
  if tonumber(opens_at) > now then
    if not limits.opensAt then
      if s.serving < s.to then return false end
      -- Who stands here already keeps the order; who comes from now on is shuffled at the opening.
      redis.call('HSET', LINE, 'from', int(s.issued), 'to', int(s.issued))
    end
    redis.call('HSET', LIMITS, 'opensAt', opens_at, 'seed', seed)
  elseif limits.opensAt then
    open_sale()
  end
  redis.call('HSET', LIMITS, 'maxActive', max_active, 'perSecond', per_second, 'paused', paused, 'version', version)
  read()
  return true
end

-- Limits that a replica remembers and Redis does not: the operator's word was lost.
local function are_lost(remembered) return tonumber(string.match(remembered, '^%d+') or 0) > limits.version end

local function restore_limits(remembered)
  if not are_lost(remembered) then return end
  local version, max_active, per_second, paused, opens_at, seed = string.match(remembered, '^(%d+) (%S+) (%S+) (%d) (%d+) (%w*)$')
  if not set_limits(version, max_active, per_second, paused, opens_at, seed) then set_limits(version, max_active, per_second, paused, 0, '') end
end

-- What the calling replica remembers of the line tells a lost line from a new one.
local function ensure(epoch, issued, waiting, remembered_limits)
  if s.epoch and s.epoch == epoch and tonumber(issued) > s.issued then forget_life() end
  if not s.epoch then
    begin()
    if tonumber(waiting) > 0 then gather() end
  end
  restore_limits(remembered_limits)
end

-- Turns of those who came before the sale opened: a keyed permutation of their tickets (a Feistel network over a grid that
-- just holds them; cells outside are walked through). Domain/Shuffle.cs computes the same.
local function mix(round, x) return tonumber(string.sub(redis.sha1hex(s.seed .. ':' .. round .. ':' .. int(x)), 1, 8), 16) end

local function permute(x, count, inverse)
  local rows = math.ceil(math.sqrt(count))
  local columns = math.ceil(count / rows)
  repeat
    local row, column = math.floor(x / columns), x % columns
    if inverse then
      for round = 6, 2, -2 do
        column = (column - mix(round, row)) % columns
        row = (row - mix(round - 1, column)) % rows
      end
    else
      for round = 1, 5, 2 do
        row = (row + mix(round, column)) % rows
        column = (column + mix(round + 1, row)) % columns
      end
    end
    x = row * columns + column
  until x < count
  return x
end

local function shuffled(n, inverse)
  if n <= s.from or n > s.to then return n end
  return s.from + 1 + permute(n - s.from - 1, s.to - s.from, inverse)
end

local function turn_of(ticket) return shuffled(ticket, false) end
local function ticket_of(turn) return shuffled(turn, true) end

local function occupied()
  places = places or redis.call('ZCOUNT', ADMITTED, '(' .. ARGV[1], '+inf') + redis.call('ZCOUNT', ACTIVE, '(' .. ARGV[1], '+inf')
  return places
end

-- Tickets of a lost life that still wait: there are none in a line that was never lost.
local function reformed() return s.reformUntil > 0 and redis.call('ZCARD', REFORMED) or 0 end

local function nobody_waits() return s.serving == s.issued and reformed() == 0 end

-- Ended places no longer count; here they leave memory, some at a time.
local function purge(set)
  local ended = redis.call('ZRANGEBYSCORE', set, '-inf', ARGV[1], 'LIMIT', 0, 500)
  if #ended > 0 then redis.call('ZREM', set, unpack(ended)) end
  return #ended < 500
end

-- Keeps a line that is used, and its memory small. Neither is urgent, unless places end faster than they are cleared away.
local function tidy()
  if math.abs(now - s.tidiedAt) < TIDY_EVERY then return end
  local admitted_done, active_done = purge(ADMITTED), purge(ACTIVE)
  if admitted_done and active_done then redis.call('HSET', LINE, 'tidiedAt', ARGV[1]) end
  for i = 1, OF_LINE do if i ~= 2 then redis.call('PEXPIRE', KEYS[i], IDLE) end end
end

local function next_ticket()
  if s.reformUntil > 0 then
    local head = redis.call('ZPOPMIN', REFORMED)
    if head[1] then
      s.reformServing = math.max(s.reformServing, tonumber(head[2]))
      return head[1]
    end
  end
  if s.serving >= s.issued then return nil end
  s.serving = s.serving + 1
  return int(ticket_of(s.serving))
end

-- Moves serving on: one place for each ticket whose lease still runs; the others are passed over.
local function admit(room)
  local admitted = 0
  for _ = 1, MOST_LOOKS do
    if admitted >= room then break end
    local ticket = next_ticket()
    if not ticket then break end
    local lease = redis.call('ZSCORE', LEASES, ticket)
    if lease then
      redis.call('ZREM', LEASES, ticket)
      if tonumber(lease) > now then
        redis.call('ZADD', ADMITTED, int(now + GRACE), ticket)
        admitted = admitted + 1
      end
    end
  end
  return admitted
end

-- The budget grows with the time, and the measured rate fades. Answers how many may be admitted now.
local function let_time_pass()
  local elapsed = math.max(0, now - s.steppedAt)
  local full = limits.perSecond > 0 and math.max(1, limits.perSecond) or 0
  s.budget = math.min(full, (s.budget or full) + elapsed * limits.perSecond / 1000)
  s.rate = s.rate * math.exp(-elapsed / SMOOTHING)
  s.steppedAt = now
  if limits.paused or limits.opensAt or now < s.reformUntil then return 0 end
  return math.max(0, math.min(limits.maxActive - occupied(), math.floor(s.budget + 1e-6)))
end

local function save(admitted)
  if admitted > 0 then places = occupied() + admitted end
  s.admitted = s.admitted + admitted
  s.budget = s.budget - admitted
  s.rate = s.rate + admitted * 1000 / SMOOTHING
  s.rate_text = string.format('%.9f', s.rate)
  redis.call('HSET', LINE, 'steppedAt', ARGV[1], 'budget', string.format('%.6f', s.budget), 'rate', s.rate_text,
    'serving', int(s.serving), 'reformServing', int(s.reformServing))
end

-- Runs as often as anybody calls, but works only once per STEP_EVERY, whoever it is that calls.
local function step()
  if math.abs(now - s.steppedAt) < STEP_EVERY then return end
  save(admit(let_time_pass()))
  tidy()
end

-- What the callers' own keys hold. They are read together, and kept up to date here, for a user may call twice at once.
local own = {}

local function read_own()
  local values = redis.call('MGET', unpack(KEYS, OF_LINE + 1))
  for i, value in ipairs(values) do own[KEYS[OF_LINE + i]] = value end
end

-- The user's last ticket here, when it was issued, and the life of the line that knows it.
local function ticket_of_user(user) return string.match(own[user] or '', '^(%d+):(%d+):(%d+)$') end

local function remember(user, ticket, issued_at)
  own[user] = ticket .. ':' .. issued_at .. ':' .. s.epoch
  redis.call('SET', user, own[user], 'PX', REMEMBER)
end

-- A ticket of a life that was lost takes its old place, in front of everybody who came after the loss.
local function rejoin(user, ticket, order, issued_at)
  gather()
  redis.call('ZADD', REFORMED, order, ticket)
  remember(user, ticket, issued_at)
  redis.call('ZADD', LEASES, int(now + LEASE), ticket)
end

-- How a ticket stands. Whoever sees that it is admitted has claimed the place.
local function stand(user, ticket, is_users)
  local till = redis.call('ZSCORE', ACTIVE, ticket)
  if till and tonumber(till) > now then return 'admitted', till end
  local grace = redis.call('ZSCORE', ADMITTED, ticket)
  if grace and tonumber(grace) > now then
    till = int(now + PLACE)
    redis.call('ZREM', ADMITTED, ticket)
    redis.call('ZADD', ACTIVE, till, ticket)
    return 'admitted', till
  end
  if is_users and (turn_of(tonumber(ticket)) > s.serving or s.reformUntil > 0 and redis.call('ZSCORE', REFORMED, ticket)) then
    redis.call('ZADD', LEASES, int(now + LEASE), ticket)
    redis.call('PEXPIRE', user, REMEMBER)
    return 'waiting', '0'
  end
  return 'expired', '0'
end

-- Whole numbers go as they are; LineReply reads either.
local function view()
  return s.epoch, s.issued, s.serving, redis.call('ZCOUNT', LEASES, '(' .. ARGV[1], '+inf'), reformed(),
    s.reformServing, occupied(), s.rate_text, s.steppedAt, limits.maxActive, limits.perSecond_text,
    limits.paused and 1 or 0, limits.opensAt or 0, s.from, s.to, s.seed, s.admitted, limits.version, limits.seed
end

-- The line, and after it each caller's ticket: its status, number, when its place ends, when it was issued, and whether it is new.
local function answer(tickets)
  local all = { view() }
  for _, t in ipairs(tickets) do
    for i = 1, 5 do all[#all + 1] = t[i] end
  end
  return all
end
