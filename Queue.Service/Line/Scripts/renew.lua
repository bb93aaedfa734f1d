-- Those who listen are still there. KEYS after the line's: their users' keys; ARGV: now, their tickets in the same order.
for i = 2, #ARGV do
  local user = KEYS[5 + i]
  if redis.call('PEXPIRE', user, REMEMBER) == 1 then redis.call('ZADD', LEASES, 'XX', int(now + LEASE), ARGV[i]) end
end
return 1
